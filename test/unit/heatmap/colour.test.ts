import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channels,
  contrast,
  difference,
  type Hex,
  inkOn,
  mix,
  toHex,
} from '../../../src/heatmap/colour/oklab';
import { bandOf, scaleFor } from '../../../src/heatmap/colour/scale';
import { DIVERGING, THEME_KINDS } from '../../../src/heatmap/colour/theme';

const anyHex = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map(toHex);
const EDGES = [-0.5, -0.2, -0.05, 0.05, 0.2, 0.5];
const anyEdges = fc
  .uniqueArray(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.sort((a, b) => a - b).map((edge) => edge / 50));

/**
 * How a dichromat sees a colour: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
 * Simulation of Color Vision Deficiency" (2009), severity 1, applied to linear RGB.
 */
const DEFICIENCIES: { readonly [name: string]: readonly (readonly [number, number, number])[] } = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seenBy(matrix: readonly (readonly [number, number, number])[], colour: Hex): Hex {
  const linear = channels(colour).map((value) => (value / 255) ** 2.2);
  const [r = 0, g = 0, b = 0] = matrix.map((line) =>
    line.reduce((sum, share, i) => sum + share * (linear[i] ?? 0), 0),
  );
  const encode = (value: number) => 255 * Math.min(Math.max(value, 0), 1) ** (1 / 2.2);
  return toHex([encode(r), encode(g), encode(b)]);
}

describe('oklab', () => {
  it('mixes nothing, all and half', () => {
    fc.assert(
      fc.property(anyHex, anyHex, (a, b) => {
        expect(mix(a, b, 0)).toBe(a);
        expect(mix(a, b, 1)).toBe(b);
        const half = mix(a, b, 0.5);
        expect(difference(a, half)).toBeLessThanOrEqual(difference(a, b) * 0.5 + 0.02);
      }),
    );
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#636363');
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#123456', '#123456')).toBe(1);
  });

  it('always finds an ink that can be read', () => {
    fc.assert(fc.property(anyHex, (ground) => contrast(ground, inkOn(ground)) >= 4.5));
  });
});

describe('scale', () => {
  it('puts a reward between its edges', () => {
    fc.assert(
      fc.property(anyEdges, fc.float({ min: -3, max: 3, noNaN: true }), (edges, reward) => {
        const band = bandOf(edges, reward);
        expect(reward).toBeGreaterThanOrEqual(edges[band - 1] ?? Number.NEGATIVE_INFINITY);
        expect(reward).toBeLessThan(edges[band] ?? Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('has one colour more than edges, neutral at 0, and the ends at the ends', () => {
    fc.assert(
      fc.property(anyEdges, fc.constantFrom(...THEME_KINDS), (edges, kind) => {
        const scale = scaleFor(kind, edges);
        expect(scale.colours).toHaveLength(edges.length + 1);
        expect(scale.neutral).toBe(bandOf(edges, 0));
        expect(scale.colours[scale.neutral]).toBe(DIVERGING[kind].neutral);
        if (scale.neutral > 0) expect(scale.colours[0]).toBe(DIVERGING[kind].low);
        if (scale.neutral < edges.length) expect(scale.colours.at(-1)).toBe(DIVERGING[kind].high);
      }),
    );
  });

  it.each(THEME_KINDS)('keeps losses, gains and strengths apart in %s, with any colour vision', (kind) => {
    const { colours, neutral } = scaleFor(kind, EDGES);
    for (const matrix of [undefined, ...Object.values(DEFICIENCIES)]) {
      const seen = colours.map((colour) => (matrix === undefined ? colour : seenBy(matrix, colour)));
      const low = seen.slice(0, neutral);
      const high = seen.slice(neutral + 1);
      for (const [i, loss] of low.entries()) {
        for (const [j, gain] of high.entries()) {
          const what = `${kind}: band ${i} and ${neutral + 1 + j}`;
          expect(difference(loss, gain), what).toBeGreaterThan(0.08);
        }
      }
      for (let band = 1; band < seen.length; band++) {
        const [one, other] = [seen[band - 1] ?? '#000000', seen[band] ?? '#000000'];
        expect(difference(one, other), `${kind}: bands ${band - 1} and ${band}`).toBeGreaterThan(0.05);
      }
    }
  });
});
