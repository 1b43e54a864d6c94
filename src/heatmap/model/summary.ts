import type { ColumnMode } from '../view-state';
import { cellAt, columnCount, shownStep } from './columns';
import type { TraceStore } from './trace-store';

/** What the shown rows add up to. */
export interface Summary {
  /** Steps of the longest row. */
  readonly maxSteps: number;
  readonly columns: number;
  /** Mean of what each column's cells show; nats per token, NaN where no cell has a reward. */
  readonly columnMeans: Float32Array;
  readonly steps: number;
  /** Steps under the threshold. */
  readonly low: number;
  /** Rows with at least one reward. */
  readonly scored: number;
}

/** One pass over the rewards of `rows`. */
export function summarise(store: TraceStore, rows: Int32Array, mode: ColumnMode, threshold: number): Summary {
  let maxSteps = 0;
  let steps = 0;
  for (const row of rows) {
    const count = store.steps(row);
    steps += count;
    if (count > maxSteps) maxSteps = count;
  }
  const columns = columnCount(mode, maxSteps);
  const sums = new Float64Array(columns);
  const seen = new Uint32Array(columns);
  let low = 0;
  let scored = 0;
  for (const row of rows) {
    if (store.state(row) !== 'scored') continue;
    scored++;
    const rewards = store.rewardsOf(row);
    if (store.lowest(row) < threshold)
      low += rewards.reduce((sum, reward) => sum + (reward < threshold ? 1 : 0), 0);
    addRow(sums, seen, mode, rewards);
  }
  const columnMeans = Float32Array.from(sums, (sum, i) => sum / (seen[i] ?? 0));
  return { maxSteps, columns, columnMeans, steps, low, scored };
}

function addRow(sums: Float64Array, seen: Uint32Array, mode: ColumnMode, rewards: Float32Array): void {
  if (mode === 'step') {
    // The same as below without an object a step: this runs over a million steps at a time.
    for (let step = 0; step < rewards.length; step++) {
      const reward = rewards[step] ?? Number.NaN;
      if (Number.isNaN(reward)) continue;
      sums[step] = (sums[step] ?? 0) + reward;
      seen[step] = (seen[step] ?? 0) + 1;
    }
    return;
  }
  let cell = cellAt(mode, rewards.length, 0);
  while (cell !== undefined) {
    const reward = rewards[shownStep(cell, rewards)] ?? Number.NaN;
    for (let column = cell.firstColumn; column <= cell.lastColumn && !Number.isNaN(reward); column++) {
      sums[column] = (sums[column] ?? 0) + reward;
      seen[column] = (seen[column] ?? 0) + 1;
    }
    cell = cellAt(mode, rewards.length, cell.lastColumn + 1);
  }
}
