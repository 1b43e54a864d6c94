import { seededRandom, shuffle } from '../../../src/cpmi/negatives/random';
import { type Estimate, type EvaluatedTrajectory, labelledSteps } from '../../../src/evaluation';
import { countPairs, type RankedScores, shareWon } from '../../../src/evaluation/auc';
import { rankSteps } from '../../../src/evaluation/step-auc';

/** One candidate's rewards, of the same traces in the same order for all candidates. */
export interface Contestant {
  readonly name: string;
  readonly traces: readonly EvaluatedTrajectory[];
}

/** What choosing the best of many is worth: chosen on one half of the traces, measured on the other. */
export interface SplitHalf {
  readonly rounds: number;
  /** Mean over the rounds, with the middle 95 % of them. */
  readonly chosen: Estimate;
  readonly reference: Estimate;
  readonly gain: Estimate;
  /** How often each was chosen, most often first. */
  readonly picks: readonly { readonly name: string; readonly share: number }[];
}

/**
 * Chooses on a random half the candidate with the best step AUC (without last steps) and compares it with the first one on
 * the other half, many times. The best of many is better than it is on the traces it was chosen on; on the others not.
 */
export function splitHalf(contestants: readonly Contestant[], rounds = 400, seed = 0): SplitHalf {
  const ranked = contestants.map(({ traces }) => rank(traces));
  const count = contestants[0]?.traces.length ?? 0;
  const random = seededRandom(seed, 'halves');
  const chosen: number[] = [];
  const reference: number[] = [];
  const picks = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const order = shuffle([...new Array(count).keys()], random);
    const [half, other] = [new Uint32Array(count), new Uint32Array(count)];
    for (const [place, trace] of order.entries()) (place < count / 2 ? half : other)[trace] = 1;
    const auc = (scores: RankedScores | undefined, counts: Uint32Array) =>
      (scores && shareWon(countPairs(scores, counts))) ?? 0.5;
    const onHalf = ranked.map((scores) => auc(scores, half));
    const best = onHalf.indexOf(Math.max(...onHalf));
    chosen.push(auc(ranked[best], other));
    reference.push(auc(ranked[0], other));
    const name = contestants[best]?.name ?? '';
    picks.set(name, (picks.get(name) ?? 0) + 1);
  }
  return {
    rounds,
    chosen: middle(chosen),
    reference: middle(reference),
    gain: middle(chosen.map((value, i) => value - (reference[i] ?? 0))),
    picks: [...picks].map(([name, n]) => ({ name, share: n / rounds })).sort((a, b) => b.share - a.share),
  };
}

function rank(traces: readonly EvaluatedTrajectory[]): RankedScores {
  const steps = labelledSteps(traces, false);
  return rankSteps(
    steps,
    steps.map(({ reward }) => reward),
  );
}

function middle(values: readonly number[]): Estimate {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? null;
  return { value: values.reduce((sum, v) => sum + v, 0) / values.length, low: at(0.025), high: at(0.975) };
}
