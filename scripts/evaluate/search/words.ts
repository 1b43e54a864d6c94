import type { Kept } from '../likelihoods/kept';
import type { Hint } from '../likelihoods/step-blocks';
import type { RewardOf } from '../rewards/reward-of';
import type { Subject } from '../subjects';
import { mean } from './beliefs';

/** One word of a step. */
interface Word {
  readonly text: string;
  /** log p(word | question, hint, all before it), in nats. */
  readonly logProb: number;
  readonly tokens: number;
}

type Steps = readonly (readonly Word[])[];

/** The words of each step under a hint; undefined where the model was not asked, or there is no such wrong answer. */
function wordsOf(subject: Subject, kept: Kept, hint: Hint): Steps | undefined {
  const block = kept.words(subject, hint);
  return block?.steps.map(({ start, words }) =>
    words.map((text, i) => {
      const { logProb = 0, tokens = 1 } = block.likelihoods[start + i] ?? {};
      return { text, logProb, tokens };
    }),
  );
}

/** Which words are looked at. */
export type Pick = 'all' | 'numbers';
/** How a step's words become one number; `mean` is in nats per token. */
export type Pool = 'mean' | 'sum' | 'lowest' | 'lowest three';

const HAS_DIGIT = /\d/;

function pool(values: readonly { value: number; tokens: number }[], how: Pool): number {
  if (values.length === 0) return 0;
  const sum = values.reduce((total, { value }) => total + value, 0);
  if (how === 'sum') return sum;
  if (how === 'mean') return sum / values.reduce((total, { tokens }) => total + tokens, 0);
  const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
  return mean(sorted.slice(0, how === 'lowest' ? 1 : 3));
}

/** How likely the steps' own words are, given question and steps before: no answer is needed. */
export const likely =
  (pick: Pick, how: Pool): RewardOf =>
  (subject, kept) =>
    wordsOf(subject, kept, 'none')?.map((words) =>
      pool(
        words
          .filter(({ text }) => pick === 'all' || HAS_DIGIT.test(text))
          .map(({ logProb, tokens }) => ({ value: logProb, tokens })),
        how,
      ),
    );

/**
 * The mutual information from the other side: how much likelier a step's words are for one who knows gold, less the
 * same for one who was told a wrong answer (`contrast`) or nothing.
 */
export const hinted =
  (pick: Pick, how: Pool, contrast: boolean): RewardOf =>
  (subject, kept) => {
    const gold = wordsOf(subject, kept, 'gold');
    const others = (contrast ? [{ negative: 0 }, { negative: 1 }] : (['none'] as const)).flatMap((hint) => {
      const words = wordsOf(subject, kept, hint);
      return words ? [words] : [];
    });
    if (!gold || others.length === 0) return undefined;
    return gold.map((words, step) =>
      pool(
        words.flatMap(({ text, logProb, tokens }, i) => {
          if (pick === 'numbers' && !HAS_DIGIT.test(text)) return [];
          const other = mean(others.map((steps) => steps[step]?.[i]?.logProb ?? 0));
          return [{ value: logProb - other, tokens }];
        }),
        how,
      ),
    );
  };
