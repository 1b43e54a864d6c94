import type { EvaluatedTrajectory } from './trajectory';

/** A step whose label is known: all steps ahead of the first error are correct, that one is wrong. */
export interface LabelledStep {
  /** Index of the trajectory in the array that was given. */
  readonly trajectory: number;
  /** Index of the step in its trajectory. */
  readonly step: number;
  readonly reward: number;
  readonly correct: boolean;
}

/**
 * The steps up to and including the first error. What comes after it is left out: whether a step that builds on an
 * error is wrong is not for a label of the first error to say.
 * @param withLast false leaves out the last step of every trajectory, whose reward may measure copying
 */
export function labelledSteps(
  trajectories: readonly EvaluatedTrajectory[],
  withLast: boolean,
): LabelledStep[] {
  return trajectories.flatMap(({ rewards, firstError }, trajectory) => {
    const known = firstError < 0 ? rewards.length : firstError + 1;
    const count = withLast ? known : Math.min(known, rewards.length - 1);
    return rewards
      .slice(0, count)
      .map((reward, step) => ({ trajectory, step, reward, correct: step !== firstError }));
  });
}
