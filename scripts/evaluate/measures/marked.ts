import { type EvaluatedTrajectory, labelledSteps } from '../../../src/evaluation';

/** What a threshold marks, as shares from 0 to 1; null of nothing. */
export interface Marked {
  /** Of the first errors. */
  readonly firstErrors: number | null;
  /** Of the right steps, up to the first error. */
  readonly rightSteps: number | null;
  /** Of the error-free traces: those with a mark anywhere. */
  readonly errorFreeTraces: number | null;
}

/** What is marked where every step under a threshold is, as the editor does. */
export function markedBelow(threshold: number, traces: readonly EvaluatedTrajectory[]): Marked {
  const steps = labelledSteps(traces, true);
  const isLow = (reward: number) => reward < threshold;
  const low = (correct: boolean) =>
    shareOf(steps.filter((step) => step.correct === correct).map(({ reward }) => isLow(reward)));
  return {
    firstErrors: low(false),
    rightSteps: low(true),
    errorFreeTraces: shareOf(
      traces.filter(({ firstError }) => firstError < 0).map(({ rewards }) => rewards.some(isLow)),
    ),
  };
}

const shareOf = (hits: readonly boolean[]): number | null =>
  hits.length === 0 ? null : hits.filter(Boolean).length / hits.length;
