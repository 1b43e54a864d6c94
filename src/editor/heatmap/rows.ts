import type { RewardList, RowBatch } from '../../heatmap/protocol';
import { MAX_ID_LENGTH, MAX_STEPS } from '../../heatmap/protocol';
import type { Trace } from '../document/trace';

/** Rows of one message: few enough that making and reading it holds up nobody. */
export const BATCH = 2000;

/** Rewards of the traces' steps, one trace after the other; NaN where there is none that holds for the text as it is. */
export function rewardsOf(traces: readonly Trace[]): RewardList {
  const lengths = traces.map(stepCount);
  const rewards = new Float32Array(lengths.reduce((sum, n) => sum + n, 0)).fill(Number.NaN);
  let at = 0;
  for (const [i, trace] of traces.entries()) {
    const length = lengths[i] ?? 0;
    if (!trace.stale) {
      for (let step = 0; step < length; step++)
        rewards[at + step] = trace.stepReward(step)?.reward ?? Number.NaN;
    }
    at += length;
  }
  return rewards;
}

/** Rows `start`, `start + 1`, … as the page wants them. */
export function batchOf(start: number, traces: readonly Trace[]): RowBatch {
  return {
    start,
    ids: traces.map((trace) => trace.id.slice(0, MAX_ID_LENGTH)),
    lines: traces.map((trace) => trace.trajectory.line),
    formats: traces.map((trace) => trace.trajectory.format),
    outcomes: traces.map((trace) => trace.outcome),
    steps: traces.map(stepCount),
    rewards: rewardsOf(traces),
  };
}

const stepCount = (trace: Trace): number => Math.min(MAX_STEPS, trace.trajectory.steps.length);

/** Everything of a row but its rewards: where two are equal, the page needs no new row. */
export function rowSignature(trace: Trace): string {
  const { line, format, steps } = trace.trajectory;
  return `${line} ${steps.length} ${trace.outcome} ${format} ${trace.id}`;
}

/** Runs of neighbouring numbers, at most `most` long: `[1, 2, 3, 7]` gives `[[1, 2, 3], [7]]`. Sorted input. */
export function runs(numbers: readonly number[], most = BATCH): number[][] {
  const all: number[][] = [];
  for (const number of numbers) {
    const last = all.at(-1);
    if (last && last.at(-1) === number - 1 && last.length < most) last.push(number);
    else all.push([number]);
  }
  return all;
}
