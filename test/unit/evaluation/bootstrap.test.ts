import { describe, expect, it } from 'vitest';
import { bootstrap } from '../../../src/evaluation';

const mean = (values: readonly number[]) => (counts: Uint32Array) => {
  const all = counts.reduce((sum, count) => sum + count, 0);
  return all === 0 ? null : values.reduce((sum, value, i) => sum + value * (counts[i] ?? 0), 0) / all;
};

describe('bootstrap', () => {
  it('draws as many units as there are, each time', () => {
    const totals = new Set<number>();
    bootstrap(7, (counts) => {
      totals.add(counts.reduce((sum, count) => sum + count, 0));
      return 0;
    });
    expect([...totals]).toEqual([7]);
  });

  it('gives the interval that theory gives for a mean', () => {
    // 400 values 0 and 1 in equal parts: standard error 0.025, interval 0.5 ± 0.049.
    const { value, low, high } = bootstrap(400, mean(Array.from({ length: 400 }, (_, i) => i % 2)));
    expect(value).toBe(0.5);
    expect(low).toBeGreaterThan(0.5 - 0.062);
    expect(low).toBeLessThan(0.5 - 0.037);
    expect(high).toBeGreaterThan(0.5 + 0.037);
    expect(high).toBeLessThan(0.5 + 0.062);
  });

  it('repeats itself for the same seed only', () => {
    const values = Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const run = (seed: number) => bootstrap(50, mean(values), { resamples: 200, seed });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('gives null for what is not defined', () => {
    expect(bootstrap(0, () => null)).toEqual({ value: null, low: null, high: null });
    expect(bootstrap(5, () => null)).toEqual({ value: null, low: null, high: null });
    expect(bootstrap(5, () => 1, { resamples: 0, seed: 0 })).toEqual({ value: 1, low: null, high: null });
    // Defined only while unit 0 is drawn once: 37 % of the resamples, too few for an interval.
    const rare = (counts: Uint32Array) => (counts[0] === 1 ? 1 : null);
    expect(bootstrap(1000, rare)).toEqual({ value: 1, low: null, high: null });
  });
});
