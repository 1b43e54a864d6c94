import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TraceStore } from '../../../src/heatmap/model/trace-store';
import { MAX_ID_LENGTH } from '../../../src/heatmap/protocol';
import { anyRow, anyRows, batchOf, row, storeOf } from './batches';

describe('TraceStore', () => {
  it('gives back what was written', () => {
    const store = storeOf([
      row([0.5, -1], { id: 'X', format: 'prm800k', outcome: 'wrong' }),
      row([], { id: 'y', outcome: 'right' }),
    ]);
    expect(store.count).toBe(2);
    expect(store.formats).toEqual(['prm800k', 'gsm8k']);
    expect([
      store.id(0),
      store.lowerId(0),
      store.format(0),
      store.outcome(0),
      store.line(0),
      store.steps(0),
    ]).toEqual(['X', 'x', 'prm800k', 'wrong', 1, 2]);
    expect([store.lowest(0), store.mean(0), store.last(0)]).toEqual([-1, -0.25, -1]);
    expect([store.state(0), store.state(1)]).toEqual(['scored', 'pending']);
    expect([store.lowest(1), store.mean(1), store.last(1)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('answers for rows and steps that do not exist', () => {
    const store = storeOf([row([1])]);
    expect(store.reward(0, 1)).toBeNaN();
    expect(store.reward(0, -1)).toBeNaN();
    expect(store.reward(7, 0)).toBeNaN();
    expect([store.id(7), store.format(7), store.outcome(7), store.steps(7)]).toEqual(['', '', 'unknown', 0]);
  });

  it('takes rewards later, and takes nothing of a list that does not fit', () => {
    const store = new TraceStore();
    const { rewards: _none, ...unscored } = batchOf([row([0, 0]), row([0])]);
    store.writeRows(unscored);
    expect(store.state(0)).toBe('pending');
    expect(store.reward(0, 0)).toBeNaN();
    expect(() => store.writeRewards([0], [1])).toThrow('rewards must be 2 numbers, one a step; there are 1');
    expect(() => store.writeRewards([0, 5], [1, 2, 3])).toThrow('there is no row 5');
    expect(store.state(0)).toBe('pending');
    store.writeRewards([1, 0], Float32Array.of(3, 1, 2));
    expect([Array.from(store.rewardsOf(0)), Array.from(store.rewardsOf(1))]).toEqual([[1, 2], [3]]);
  });

  it('takes null and what is not finite as no reward', () => {
    const store = storeOf([row([0, 0, 0])]);
    store.writeRewards([0], [null, Number.POSITIVE_INFINITY, -2]);
    expect(Array.from(store.rewardsOf(0))).toEqual([Number.NaN, Number.NaN, -2]);
    expect([store.lowest(0), store.mean(0)]).toEqual([-2, -2]);
  });

  it('remembers why a row failed until it is scored after all', () => {
    const store = storeOf([row([1, 2])]);
    store.fail(0, 'too long');
    expect([store.state(0), store.failure(0), store.lowest(0)]).toEqual(['failed', 'too long', Number.NaN]);
    store.writeRewards([0], [1, 2]);
    expect([store.state(0), store.failure(0)]).toEqual(['scored', undefined]);
    expect(() => store.fail(3, 'x')).toThrow(RangeError);
  });

  it('refuses a gap and cuts an id that is too long', () => {
    const store = storeOf([row([1])]);
    expect(() => store.writeRows(batchOf([row([1])], 2))).toThrow('would leave a gap');
    store.writeRows(batchOf([row([1], { id: 'i'.repeat(5000) })], 1));
    expect(store.id(1)).toHaveLength(MAX_ID_LENGTH);
  });

  it('holds the last version of every row, whatever is rewritten', () => {
    const anyWrites = fc.array(fc.tuple(fc.nat(40), fc.array(anyRow, { minLength: 1, maxLength: 8 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(anyRows, anyWrites, (first, writes) => {
        const store = storeOf(first);
        const model = [...first];
        for (const [at, rows] of writes) {
          const start = Math.min(at, model.length);
          store.writeRows(batchOf(rows, start));
          model.splice(start, rows.length, ...rows);
        }
        expect(store.count).toBe(model.length);
        model.forEach((expected, i) => {
          expect(Array.from(store.rewardsOf(i))).toEqual(expected.rewards.map(Math.fround));
          expect(store.outcome(i)).toBe(expected.outcome);
        });
      }),
    );
  });

  it('keeps its size when large rows are rewritten all day', () => {
    const store = new TraceStore();
    for (let round = 0; round < 200; round++) {
      store.writeRows(batchOf([row(new Array(1000 + round).fill(round)), row([round])]));
    }
    expect(store.rewardsOf(0).buffer.byteLength).toBeLessThan(4 * 200_000);
    expect(Array.from(store.rewardsOf(1))).toEqual([199]);
    expect(new Set(store.rewardsOf(0))).toEqual(new Set([199]));
  });
});
