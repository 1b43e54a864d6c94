import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSoftLabels, hardLabel, softLabel } from '../../../src/labels/soft-label';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('fitSoftLabels', () => {
  it('takes the median and 1.4826 times the median absolute deviation', () => {
    // Median 3; deviations 2 1 0 1 97, their median 1.
    expect(fitSoftLabels([5 - 3, 1, 3, 4, 100])).toEqual({ center: 3, scale: 1.4826, method: 'mad' });
    // An even number: median 2.5; deviations 1.5 0.5 0.5 1.5, their median 1.
    expect(fitSoftLabels([1, 2, 3, 4])).toEqual({ center: 2.5, scale: 1.4826, method: 'mad' });
  });

  it('falls back on the interquartile range where over half of the rewards are equal', () => {
    // Sorted 0 0 0 0 0 1 2 3; quartiles at 1.75 → 0 and at 5.25 → 1.25.
    const { center, scale, method } = fitSoftLabels([0, 3, 0, 2, 0, 1, 0, 0]);
    expect([center, method]).toEqual([0, 'iqr']);
    expect(scale).toBeCloseTo(0.7413 * 1.25, 12);
  });

  it('falls back on the standard deviation where even the quartiles are equal', () => {
    // Mean 1; squares 5·1 + 25 = 30 over 5.
    const { center, scale, method } = fitSoftLabels([0, 0, 0, 0, 0, 6]);
    expect([center, method]).toEqual([0, 'std']);
    expect(scale).toBeCloseTo(Math.sqrt(6), 12);
  });

  it('stands without spread, without rewards, without numbers', () => {
    expect(fitSoftLabels([])).toEqual({ center: 0, scale: 1, method: 'none' });
    expect(fitSoftLabels([0.4])).toEqual({ center: 0.4, scale: 1, method: 'none' });
    expect(fitSoftLabels([0.4, 0.4, 0.4])).toEqual({ center: 0.4, scale: 1, method: 'none' });
    expect(fitSoftLabels([0.1 + 0.2, 0.3, 0.3])).toEqual({ center: 0.3, scale: 1, method: 'none' });
    expect(fitSoftLabels([Number.NaN, Number.POSITIVE_INFINITY])).toEqual({
      center: 0,
      scale: 1,
      method: 'none',
    });
    expect(fitSoftLabels([1, Number.NaN, 2, Number.NEGATIVE_INFINITY, 3])).toEqual(fitSoftLabels([1, 2, 3]));
  });
});

describe('softLabel', () => {
  it('is the sigmoid of the clipped z', () => {
    const scale = { center: 1, scale: 2, method: 'mad' } as const;
    expect(softLabel(1, scale)).toBe(0.5);
    expect(softLabel(3, scale)).toBeCloseTo(sigmoid(1), 15);
    expect(softLabel(-3, scale)).toBeCloseTo(sigmoid(-2), 15);
    expect(softLabel(1000, scale)).toBe(sigmoid(6));
    expect(softLabel(Number.NEGATIVE_INFINITY, scale)).toBe(sigmoid(-6));
    expect(softLabel(Number.NaN, scale)).toBe(0.5);
  });

  const reward = fc.double({ noNaN: true });

  it('lies between 0 and 1 and never falls as the reward rises', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), reward, reward, (rewards, a, b) => {
        const scale = fitSoftLabels(rewards);
        expect(Number.isFinite(scale.center) && Number.isFinite(scale.scale) && scale.scale > 0).toBe(true);
        const [low, high] = [softLabel(Math.min(a, b), scale), softLabel(Math.max(a, b), scale)];
        expect(low).toBeGreaterThan(0);
        expect(high).toBeLessThan(1);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });

  it('survives being stored', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true })), reward, (rewards, r) => {
        const scale = fitSoftLabels(rewards);
        expect(softLabel(r, JSON.parse(JSON.stringify(scale)))).toBe(softLabel(r, scale));
      }),
    );
  });

  it('does not depend on the unit or the order of the rewards', () => {
    const some = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3 });
    fc.assert(
      fc.property(some, (rewards) => {
        const scale = fitSoftLabels(rewards);
        fc.pre(scale.method !== 'none');
        const doubled = fitSoftLabels(rewards.map((r) => 2 * r + 7).reverse());
        for (const r of rewards) expect(softLabel(2 * r + 7, doubled)).toBeCloseTo(softLabel(r, scale), 10);
      }),
    );
  });
});

describe('hardLabel', () => {
  const scale = { center: 1, scale: 2, method: 'mad' } as const;

  it('splits at the center or at the threshold, both of which are correct', () => {
    expect([0.9, 1, 1.1].map((r) => hardLabel(r, scale))).toEqual(['incorrect', 'correct', 'correct']);
    expect([-0.6, -0.5, 0].map((r) => hardLabel(r, scale, -0.5))).toEqual([
      'incorrect',
      'correct',
      'correct',
    ]);
    expect(hardLabel(Number.NaN, scale, 0)).toBe('incorrect');
  });
});
