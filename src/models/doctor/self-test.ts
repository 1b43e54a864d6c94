import { join } from 'node:path';
import type { LikelihoodModel, LikelihoodRequest } from '../../likelihood/likelihood-model';
import { readObject } from '../json-file';

/** What the bundled model said of some texts where it was made. */
export interface SelfTest {
  readonly sha256: string;
  /** `nats`: mean log-likelihood of the target's tokens. */
  readonly texts: readonly (SelfTestText & { readonly nats: number })[];
}

interface SelfTestText {
  readonly context: string;
  readonly target: string;
}

/** Beside the bundled model; `npm run model:self-test` writes it. */
export const SELF_TEST_FILE = 'self-test.json';

/** Likely and unlikely answers after a short and a longer context. */
export const SELF_TEST_TEXTS: readonly SelfTestText[] = ['7', '8', '12', 'seven'].flatMap((answer) =>
  [
    'What is 3 + 4?\n\n',
    'A bakery bakes 3 trays in the morning and 4 in the evening. How many trays is that?\n\n3 + 4 = 7, so it bakes 7 trays.\n\n',
  ].map((context) => ({ context, target: `The answer is: ${answer}` })),
);

/**
 * How far a score may be from the stored one, in nats a token. The bundled model rounds activations to 8 bits, and another
 * processor or build adds in another order: that moves scores by some hundredths. What is broken moves them by whole nats.
 */
export const SELF_TEST_TOLERANCE = 0.3;

export const selfTestRequests = (texts: readonly SelfTestText[]): LikelihoodRequest[] =>
  texts.map(({ context, target }) => ({ context: { piece: context }, target }));

/** @throws {Error} where the folder has none, or a broken one */
export async function readSelfTest(folder: string): Promise<SelfTest> {
  const { sha256, texts } = await readObject(join(folder, SELF_TEST_FILE));
  if (typeof sha256 === 'string' && Array.isArray(texts) && texts.length > 0) return { sha256, texts };
  throw new Error(`${join(folder, SELF_TEST_FILE)} is missing or broken`);
}

/** The largest difference from what is stored, in nats a token. NaN where a score is no number. */
export async function selfTestDifference(model: LikelihoodModel, { texts }: SelfTest): Promise<number> {
  const { likelihoods } = await model.score(selfTestRequests(texts));
  const differences = texts.map(({ nats }, i) => {
    const { logProb, tokens } = likelihoods[i] ?? { logProb: Number.NaN, tokens: 1 };
    return Math.abs(logProb / tokens - nats);
  });
  return Math.max(...differences);
}
