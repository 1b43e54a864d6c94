import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, shuffle } from '../../../src/cpmi/negatives/random';

const draw = (seed: number, ...texts: string[]) => {
  const random = seededRandom(seed, ...texts);
  return Array.from({ length: 8 }, () => random.whole(2 ** 32));
};

describe('seededRandom', () => {
  it('repeats itself for the same seed and texts, and for no others', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.string(), (seed, a, b) => {
        expect(draw(seed, a)).toEqual(draw(seed, a));
        expect(draw(seed, a)).not.toEqual(draw(seed + 1, a));
        if (a !== b) expect(draw(seed, a)).not.toEqual(draw(seed, b));
      }),
    );
    expect(draw(1, 'ab', 'c')).not.toEqual(draw(1, 'a', 'bc'));
  });

  it('stays below its bound and reaches every number about equally often', () => {
    const random = seededRandom(7);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) {
      const drawn = random.whole(6);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // Standard deviation of a count: sqrt(60000 · 1/6 · 5/6) ≈ 91.
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(5 * 91);
  });

  it('shuffles without losing anything, every order about equally often', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const before = [...items];
        const shuffled = shuffle(items, seededRandom(seed));
        expect(items).toEqual(before);
        expect([...shuffled].sort()).toEqual([...items].sort());
      }),
    );
    const orders = new Map<string, number>();
    const random = seededRandom(3);
    for (let i = 0; i < 24_000; i++) {
      const order = shuffle([1, 2, 3, 4], random).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 31);
  });
});
