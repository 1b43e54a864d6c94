import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EvaluatedTrajectory,
  predictFirstError,
  processBench,
  tuneThreshold,
} from '../../../src/evaluation';

const trace = (rewards: readonly number[], firstError: number): EvaluatedTrajectory => ({
  id: 'x',
  task: 't',
  rewards,
  firstError,
});

describe('predictFirstError', () => {
  it('is the first step under the threshold', () => {
    expect(predictFirstError([0.5, -0.1, -2], 0)).toBe(1);
    expect(predictFirstError([0.5, -0.1, -2], -1)).toBe(2);
    expect(predictFirstError([0.5, 0], 0)).toBe(-1);
    expect(predictFirstError([], 0)).toBe(-1);
  });
});

describe('processBench', () => {
  const traces = [
    trace([1, -1, 1], 1), // found
    trace([-1, 1, -1], 2), // flagged too early
    trace([1, 1], 0), // missed
    trace([1, 2], -1), // left alone
    trace([1, -2], -1), // flagged
  ];

  it('gives the accuracies and their harmonic mean', () => {
    const { f1, ...rest } = processBench(traces, 0);
    expect(rest).toEqual({
      threshold: 0,
      faultyAccuracy: 1 / 3,
      errorFreeAccuracy: 1 / 2,
      faulty: 3,
      errorFree: 2,
    });
    // 2 · 1/3 · 1/2 / (1/3 + 1/2) = 0.4
    expect(f1.value).toBeCloseTo(0.4, 12);
    expect(f1.low).toBeLessThan(0.4);
    expect(f1.high).toBeGreaterThan(0.4);
  });

  it('is null where a kind of trace is missing, 0 where nothing is right', () => {
    expect(processBench([trace([1], -1)], 0)).toMatchObject({ faultyAccuracy: null, errorFreeAccuracy: 1 });
    expect(processBench([trace([1], -1)], 0).f1.value).toBeNull();
    expect(processBench([], 0).f1.value).toBeNull();
    expect(processBench([trace([1], 0), trace([-1], -1)], 0).f1.value).toBe(0);
  });
});

describe('tuneThreshold', () => {
  it('finds a threshold between the classes', () => {
    const tuned = tuneThreshold([trace([3, 1], 1), trace([3, 2], -1), trace([5, 0.5, 4], 1)]);
    expect(tuned).toEqual({ threshold: 1.5, f1: 1 });
  });

  it('needs both kinds of traces', () => {
    expect(tuneThreshold([])).toBeUndefined();
    expect(tuneThreshold([trace([1], -1)])).toBeUndefined();
    expect(tuneThreshold([trace([1], 0)])).toBeUndefined();
  });

  it('gives 0 where no threshold finds any error', () => {
    expect(tuneThreshold([trace([0, 5], 1), trace([7], -1)])).toMatchObject({ f1: 0 });
  });

  const anyTrace = fc
    .array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 5 })
    .chain((rewards) => fc.integer({ min: -1, max: rewards.length - 1 }).map((e) => trace(rewards, e)));

  it('is as good as the best of all thresholds that differ', () => {
    fc.assert(
      fc.property(fc.array(anyTrace, { maxLength: 15 }), (traces) => {
        const tuned = tuneThreshold(traces);
        const f1At = (threshold: number) =>
          processBench(traces, threshold, { resamples: 0, seed: 0 }).f1.value;
        if (f1At(0) === null) {
          expect(tuned).toBeUndefined();
          return;
        }
        // Rewards are whole, so the halves between them are all the cuts there are.
        const best = Math.max(...Array.from({ length: 10 }, (_, i) => f1At(i - 4.5) ?? 0));
        expect(tuned?.f1).toBeCloseTo(best, 12);
        expect(f1At(tuned?.threshold ?? 0)).toBeCloseTo(best, 12);
        expect(Number.isFinite(tuned?.threshold)).toBe(true);
      }),
    );
  });
});
