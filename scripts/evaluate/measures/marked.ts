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
  const low = ({ reward }: { readonly reward: number }) => reward < threshold;
  return {
    firstErrors: shareOf(steps.filter(({ correct }) => !correct).map(low)),
    rightSteps: shareOf(steps.filter(({ correct }) => correct).map(low)),
    errorFreeTraces: shareOf(
      traces
        .filter(({ firstError }) => firstError < 0)
        .map(({ rewards }) => rewards.some((reward) => low({ reward }))),
    ),
  };
}

const shareOf = (hits: readonly boolean[]): number | null =>
  hits.length === 0 ? null : hits.filter(Boolean).length / hits.length;
