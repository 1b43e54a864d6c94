import * as fc from 'fast-check';
import { TraceStore } from '../../../src/heatmap/model/trace-store';
import { OUTCOMES, type Outcome, type RowBatch } from '../../../src/heatmap/protocol';

/** One trace of a made-up batch. */
export interface Row {
  readonly id: string;
  readonly format: string;
  readonly outcome: Outcome;
  /** NaN: no reward. */
  readonly rewards: readonly number[];
}

export const row = (rewards: readonly number[], rest: Partial<Omit<Row, 'rewards'>> = {}): Row => ({
  id: 'a',
  format: 'gsm8k',
  outcome: 'unknown',
  ...rest,
  rewards,
});

export function batchOf(rows: readonly Row[], start = 0): RowBatch {
  return {
    start,
    ids: rows.map(({ id }) => id),
    lines: rows.map((_, i) => start + i + 1),
    formats: rows.map(({ format }) => format),
    outcomes: rows.map(({ outcome }) => outcome),
    steps: rows.map(({ rewards }) => rewards.length),
    rewards: rows.flatMap(({ rewards }) => rewards),
  };
}

export function storeOf(rows: readonly Row[]): TraceStore {
  const store = new TraceStore();
  store.writeRows(batchOf(rows));
  return store;
}

/** Single-precision rewards with ties, both zeros and gaps. */
export const anyReward = fc.oneof(
  { weight: 4, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  { weight: 2, arbitrary: fc.constantFrom(-0.5, -0.25, 0, -0, 0.25) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);

export const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.string({ maxLength: 12 }),
  format: fc.constantFrom('gsm8k', 'prm800k', 'processbench'),
  outcome: fc.constantFrom(...OUTCOMES),
  rewards: fc.array(anyReward, { maxLength: 30 }),
});

export const anyRows = fc.array(anyRow, { maxLength: 30 });
