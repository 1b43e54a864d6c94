import { rewards } from '../../../src/cpmi/reward';
import type { EvaluatedTrajectory } from '../../../src/evaluation';
import type { Kept } from '../likelihoods/kept';
import type { Subject } from '../subjects';
import { type Variant, variantRewards } from './variant';

/** A way to score the steps of a trace; undefined where what it needs was not asked of the model. */
export type RewardOf = (subject: Subject, kept: Kept) => readonly number[] | undefined;

export const cpmi =
  (variant: Variant): RewardOf =>
  (subject, kept) =>
    variantRewards(subject, kept, variant)?.map(({ reward }) => reward);

/** The model's own verdicts, which need no answer; of a model that was not trained to judge they mean little. */
export const verdict: RewardOf = (subject, kept) => {
  const block = kept.verdicts(subject);
  return block && rewards(block.plan, block.likelihoods, 1).map(({ reward }) => reward);
};

/** The traces that a reward is known of. */
export function scoreAll(subjects: readonly Subject[], kept: Kept, of: RewardOf): EvaluatedTrajectory[] {
  return subjects.flatMap((subject) => {
    const rewards = of(subject, kept);
    return rewards ? [toEvaluated(subject, rewards)] : [];
  });
}

export function toEvaluated(
  { id, task, firstError, gold, arrives, trajectory }: Subject,
  rewards: readonly number[],
): EvaluatedTrajectory {
  return {
    id,
    task,
    firstError,
    rewards,
    question: trajectory.question.text,
    stepTexts: trajectory.steps.map((step) => step.text),
    goldAnswer: gold,
    arrives,
  };
}
