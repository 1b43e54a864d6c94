import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/cpmi/negatives/random';
import { addedValue, labelledSteps } from '../../../src/evaluation';
import { fitLogistic, logOdds, solve } from '../../../src/evaluation/logistic';

describe('solve', () => {
  it('solves what can be checked by multiplying', () => {
    const cell = fc.integer({ min: -5, max: 5 });
    const three = fc.array(cell, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(three, { minLength: 3, maxLength: 3 }), three, (rows, x) => {
        // A Aᵀ + I is symmetric and positive definite.
        const matrix = rows.map((a, i) =>
          rows.map((b, k) => a.reduce((s, v, j) => s + v * (b[j] ?? 0), i === k ? 1 : 0)),
        );
        const right = matrix.map((row) => row.reduce((s, v, j) => s + v * (x[j] ?? 0), 0));
        for (const [i, value] of solve(matrix, right).entries()) expect(value).toBeCloseTo(x[i] ?? 0, 6);
      }),
    );
  });
});

describe('fitLogistic', () => {
  it('gives the log-odds of the share where there are no features', () => {
    const model = fitLogistic([[], [], [], []], [true, true, true, false]);
    expect(logOdds(model, [])).toBeCloseTo(Math.log(3), 6);
  });

  it('gives each cell of one binary feature its own log-odds, without the penalty', () => {
    // x = 0: 1 of 4 true; x = 1: 3 of 4 true.
    const rows = [[0], [0], [0], [0], [1], [1], [1], [1]];
    const labels = [true, false, false, false, true, true, true, false];
    const model = fitLogistic(rows, labels, 0);
    expect(logOdds(model, [0])).toBeCloseTo(Math.log(1 / 3), 6);
    expect(logOdds(model, [1])).toBeCloseTo(Math.log(3), 6);
  });

  it('stands where the gradient of the penalised likelihood is 0', () => {
    const row = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 40 }), (data) => {
        fc.pre(new Set(data.map(([, , label]) => label)).size === 2);
        const model = fitLogistic(
          data.map(([a, b]) => [a, b]),
          data.map(([, , label]) => label),
          1,
        );
        const gradient = [0, -(model.weights[1] ?? 0), -(model.weights[2] ?? 0)];
        for (const [a, b, label] of data) {
          const error = (label ? 1 : 0) - 1 / (1 + Math.exp(-logOdds(model, [a, b])));
          const standard = [a, b].map((x, i) => (x - (model.means[i] ?? 0)) / (model.deviations[i] ?? 1));
          for (const [i, x] of [1, ...standard].entries()) gradient[i] = (gradient[i] ?? 0) + error * x;
        }
        for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-5);
      }),
    );
  });

  it('stays finite where the classes can be parted, and where a feature never changes', () => {
    const model = fitLogistic(
      [
        [0, 7],
        [0, 7],
        [1, 7],
        [1, 7],
      ],
      [false, false, true, true],
    );
    expect(model.weights.every(Number.isFinite)).toBe(true);
    expect(logOdds(model, [1, 7])).toBeGreaterThan(logOdds(model, [0, 7]));
  });
});

describe('addedValue', () => {
  const random = seededRandom(11);
  const noise = () => random.whole(1_000_000) / 1_000_000;
  const traces = Array.from({ length: 200 }, (_, i) => {
    const firstError = i % 2 === 0 ? -1 : random.whole(5);
    const rewards = Array.from({ length: 5 }, (_, step) => noise() + (step === firstError ? -0.5 : 0));
    return { id: String(i), task: 't', rewards, firstError };
  });
  const steps = labelledSteps(traces, true);
  const rows = steps.map(() => [noise()]);

  it('sees a reward that knows something', () => {
    const added = addedValue(steps, rows, traces.length);
    expect(added?.features.value).toBeLessThan(0.6);
    expect(added?.withReward.value).toBeGreaterThan(0.8);
    expect(added?.gain.low).toBeGreaterThan(0.15);
    expect(added?.gain.value).toBeCloseTo((added?.withReward.value ?? 0) - (added?.features.value ?? 0), 12);
  });

  it('sees through a reward that only repeats a feature', () => {
    const knowing = steps.map(({ reward }) => [reward]);
    const gain = addedValue(steps, knowing, traces.length)?.gain;
    expect(Math.abs(gain?.value ?? 1)).toBeLessThan(0.01);
    expect(gain?.low).toBeLessThanOrEqual(0);
    expect(gain?.high).toBeGreaterThanOrEqual(0);
  });

  it('judges the reward alone where there are no features', () => {
    const added = addedValue(
      steps,
      steps.map(() => []),
      traces.length,
      { resamples: 50, seed: 0 },
    );
    expect(added?.withReward.value).toBeGreaterThan(0.8);
  });

  it('is undefined for too few traces or one class', () => {
    expect(addedValue(labelledSteps(traces.slice(0, 4), true), rows, 4)).toBeUndefined();
    const right = traces.map((trace) => ({ ...trace, firstError: -1 }));
    expect(addedValue(labelledSteps(right, true), rows, 200)).toBeUndefined();
    expect(addedValue([], [], 0)).toBeUndefined();
  });
});
