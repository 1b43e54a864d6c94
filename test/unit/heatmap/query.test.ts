import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFiltered, type Query, runQuery, sortValue } from '../../../src/heatmap/model/query';
import { stableOrder } from '../../../src/heatmap/model/stable-order';
import { OUTCOMES } from '../../../src/heatmap/protocol';
import { SORT_KEYS } from '../../../src/heatmap/view-state';
import { anyReward, anyRows, row, storeOf } from './batches';

const ALL: Query = { text: '', outcome: 'any', format: '', lowOnly: false, sort: 'file', descending: false };
const store = storeOf([
  row([0.5, -0.3], { id: 'Alpha', outcome: 'right' }),
  row([0.1, 0.9], { id: 'beta', outcome: 'wrong', format: 'prm800k' }),
  row([Number.NaN], { id: 'gamma' }),
  row([-0.9, 0.2, 0.9], { id: 'alphabet', outcome: 'wrong' }),
]);
const rows = (change: Partial<Query>) => Array.from(runQuery(store, { ...ALL, ...change }, -0.25));

describe('runQuery', () => {
  it('filters by each thing and by all of them', () => {
    expect(rows({})).toEqual([0, 1, 2, 3]);
    expect(rows({ text: ' ALPHA ' })).toEqual([0, 3]);
    expect(rows({ outcome: 'wrong' })).toEqual([1, 3]);
    expect(rows({ outcome: 'unknown' })).toEqual([2]);
    expect(rows({ format: 'prm800k' })).toEqual([1]);
    expect(rows({ lowOnly: true })).toEqual([0, 3]);
    expect(rows({ lowOnly: true, outcome: 'wrong', text: 'alpha' })).toEqual([3]);
  });

  it('does not call a reward at the threshold low', () => {
    expect(Array.from(runQuery(storeOf([row([-0.25])]), { ...ALL, lowOnly: true }, -0.25))).toEqual([]);
  });

  it('sorts by each value, rows without it last in either direction', () => {
    expect(rows({ sort: 'lowest' })).toEqual([3, 0, 1, 2]);
    expect(rows({ sort: 'lowest', descending: true })).toEqual([1, 0, 3, 2]);
    expect(rows({ sort: 'mean' })).toEqual([3, 0, 1, 2]);
    expect(rows({ sort: 'last' })).toEqual([0, 1, 3, 2]);
    expect(rows({ sort: 'length' })).toEqual([2, 0, 1, 3]);
    expect(rows({ sort: 'file', descending: true })).toEqual([3, 2, 1, 0]);
  });

  it('gives each passing row once, in order, for any query', () => {
    const anyQuery = fc.record({
      text: fc.constantFrom('', 'a', '0'),
      outcome: fc.constantFrom('any' as const, ...OUTCOMES),
      format: fc.constantFrom('', 'gsm8k'),
      lowOnly: fc.boolean(),
      sort: fc.constantFrom(...SORT_KEYS),
      descending: fc.boolean(),
    });
    fc.assert(
      fc.property(anyRows, anyQuery, (all, query) => {
        const found = runQuery(storeOf(all), query, -0.25);
        const passing = all
          .map((_, i) => i)
          .filter((i) => query.outcome === 'any' || all[i]?.outcome === query.outcome)
          .filter((i) => query.format === '' || all[i]?.format === query.format)
          .filter((i) => !query.lowOnly || all[i]?.rewards.some((reward) => reward < -0.25))
          .filter((i) => all[i]?.id.toLowerCase().includes(query.text));
        expect(Array.from(found).sort((a, b) => a - b)).toEqual(passing);
        if (query.sort === 'file') return;
        const values = Array.from(found, (i) => sortValue(storeOf(all), i, query.sort));
        const known = values.filter((value) => !Number.isNaN(value));
        expect(values.slice(known.length).every(Number.isNaN)).toBe(true);
        known.slice(1).forEach((value, i) => {
          const before = known[i] ?? Number.NaN;
          expect(query.descending ? before >= value : before <= value).toBe(true);
          if (before === value) expect(found[i]).toBeLessThan(found[i + 1] ?? -1);
        });
      }),
    );
  });
});

describe('stableOrder', () => {
  it('orders as a stable comparison would, NaN last', () => {
    fc.assert(
      fc.property(fc.array(anyReward, { maxLength: 300 }), (list) => {
        const values = Float32Array.from(list);
        const key = (i: number) => {
          const value = values[i] ?? Number.NaN;
          return Number.isNaN(value) ? Number.MAX_VALUE : value;
        };
        const expected = list.map((_, i) => i).sort((a, b) => key(a) - key(b) || a - b);
        expect(Array.from(stableOrder(values))).toEqual(expected);
      }),
    );
  });
});

describe('isFiltered', () => {
  it('knows whether rows may be hidden', () => {
    expect(isFiltered({ ...ALL, sort: 'mean', descending: true, text: '  ' })).toBe(false);
    for (const change of [{ text: 'x' }, { outcome: 'right' }, { format: 'a' }, { lowOnly: true }] as const) {
      expect(isFiltered({ ...ALL, ...change })).toBe(true);
    }
  });
});
