import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../../src/evaluation';
import { countPairs, rankScores } from '../../../src/evaluation/auc';

/** The definition, pair by pair. */
function pairByPair(scores: readonly number[], labels: readonly boolean[], weights?: readonly number[]) {
  let [won, all] = [0, 0];
  for (const [i, positive] of labels.entries()) {
    for (const [k, other] of labels.entries()) {
      if (!positive || other) continue;
      const weight = (weights?.[i] ?? 1) * (weights?.[k] ?? 1);
      const [a, b] = [scores[i] ?? 0, scores[k] ?? 0];
      all += weight;
      won += weight * (a > b ? 1 : a === b ? 0.5 : 0);
    }
  }
  return { won, all };
}

const scored = fc.array(
  fc.record({
    score: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })),
    label: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe('rocAuc', () => {
  it('equals hand-computed values', () => {
    // Positives 3 and 1 against negatives 2 and 0: 3>2, 3>0, 1<2, 1>0.
    expect(rocAuc([3, 2, 1, 0], [true, false, true, false])).toBe(0.75);
    // One tie of two pairs: (1 + 0.5) / 2.
    expect(rocAuc([1, 1, 0], [true, false, false])).toBe(0.75);
    expect(rocAuc([5, 5, 5], [true, false, true])).toBe(0.5);
    expect(rocAuc([0, 1], [true, false])).toBe(0);
  });

  it('is null where a class is empty', () => {
    expect(rocAuc([], [])).toBeNull();
    expect(rocAuc([1, 2], [true, true])).toBeNull();
    expect(rocAuc([1, 2], [false, false])).toBeNull();
  });

  it('equals the count over all pairs', () => {
    fc.assert(
      fc.property(scored, (items) => {
        const scores = items.map(({ score }) => score);
        const labels = items.map(({ label }) => label);
        const { won, all } = pairByPair(scores, labels);
        expect(rocAuc(scores, labels)).toBe(all === 0 ? null : won / all);
      }),
    );
  });

  it('equals the count over all pairs of weighted units', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(scored, weights, (items, counts) => {
        const scores = items.map(({ score }) => score);
        const labels = items.map(({ label }) => label);
        const ranked = rankScores(scores, labels, [...scores.keys()]);
        expect(countPairs(ranked, Uint32Array.from(counts))).toEqual(pairByPair(scores, labels, counts));
      }),
    );
  });

  it('does not change under a rising map, and turns under a falling one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.boolean())), (items) => {
        const scores = items.map(([score]) => score);
        const labels = items.map(([, label]) => label);
        const auc = rocAuc(scores, labels);
        expect(
          rocAuc(
            scores.map((x) => x ** 3 + Math.exp(x / 10)),
            labels,
          ),
        ).toBe(auc);
        const turned = rocAuc(
          scores.map((x) => -x),
          labels,
        );
        if (auc === null) expect(turned).toBeNull();
        else expect(turned).toBeCloseTo(1 - auc, 12);
      }),
    );
  });
});
