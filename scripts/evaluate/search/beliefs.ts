import type { AnswerEstimator } from '../../../src/cpmi/settings';
import type { Kept } from '../likelihoods/kept';
import type { Subject } from '../subjects';

/** ℓ of each answer in the two contexts of a step, gold first, in nats per token or, `sum`, in nats. */
export interface Around {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** How many wrong answers the candidates contrast with, as the default settings do. */
const NEGATIVES = 4;

/** All steps' likelihoods with the first template; undefined where the model was not asked. */
export function around(
  subject: Subject,
  kept: Kept,
  estimator: AnswerEstimator,
  sum = false,
): readonly Around[] | undefined {
  const block = kept.block(subject, { estimator, templatePosition: 'before', template: 0 });
  if (!block) return undefined;
  const { plan, likelihoods } = block;
  const answers = Math.min(plan.answers, NEGATIVES + 1);
  const at = (context: number) =>
    Array.from({ length: answers }, (_, answer) => {
      const { logProb = Number.NaN, tokens = 1 } = likelihoods[context * plan.answers + answer] ?? {};
      return sum ? logProb : logProb / tokens;
    });
  return plan.steps.map(({ before, after }) => ({
    before: before === null ? [] : at(before),
    after: at(after),
  }));
}

export const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return mean([sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]);
}

/** How far gold is ahead of the wrong answers, by some measure of those. 0 where there are none. */
export const lead =
  (of: (negatives: readonly number[]) => number) =>
  ([gold = 0, ...negatives]: readonly number[]): number =>
    negatives.length === 0 ? gold : gold - of(negatives);

/** log Σ exp, stable. */
export function logSumExp(values: readonly number[]): number {
  const peak = Math.max(...values);
  return peak + Math.log(values.reduce((sum, value) => sum + Math.exp(value - peak), 0));
}
