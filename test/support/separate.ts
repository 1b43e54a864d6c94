import type {
  LikelihoodModel,
  LikelihoodRequest,
  LogLikelihood,
  Text,
} from '../../src/likelihood/likelihood-model';

/** Scores each request in a call of its own, so that nothing is shared and every pass is plain and causal. */
export async function scoreSeparately(
  model: LikelihoodModel,
  requests: readonly LikelihoodRequest[],
): Promise<LogLikelihood[]> {
  const answers: LogLikelihood[] = [];
  for (const request of requests) {
    const { likelihoods } = await model.score([request]);
    answers.push(...likelihoods);
  }
  return answers;
}

/** A text of several pieces, the last one appended to the others. */
export function textOf(pieces: readonly string[]): Text {
  const [first = '', ...rest] = pieces;
  return rest.reduce<Text>((before, piece) => ({ before, piece }), { piece: first });
}

/** Largest difference between the two lists' log-probabilities, in nats per target. */
export function largestDifference(a: readonly LogLikelihood[], b: readonly LogLikelihood[]): number {
  return Math.max(...a.map((x, i) => Math.abs(x.logProb - (b[i]?.logProb ?? Number.NaN))));
}
