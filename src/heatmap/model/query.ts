import type { SortKey, ViewState } from '../view-state';
import { stableOrder } from './stable-order';
import type { TraceStore } from './trace-store';

/** The part of the view state that says which rows are shown, and in which order. */
export type Query = Pick<ViewState, 'text' | 'outcome' | 'format' | 'lowOnly' | 'sort' | 'descending'>;

/**
 * Rows that pass all filters, in the order asked for. Rows without the value that is sorted by come last in either
 * direction; equal ones stay in file order.
 * @param threshold a reward under it is low; nats per token
 */
export function runQuery(store: TraceStore, query: Query, threshold: number): Int32Array {
  const rows = passing(store, query, threshold);
  if (query.sort === 'file') return query.descending ? rows.reverse() : rows;
  const value = VALUE[query.sort];
  const sign = query.descending ? -1 : 1;
  const keys = new Float32Array(rows.length);
  rows.forEach((row, i) => {
    keys[i] = sign * value(store, row);
  });
  return stableOrder(keys).map((i) => rows[i] ?? 0);
}

/** Whether any filter is set, that is, whether rows may be hidden. */
export function isFiltered(query: Query): boolean {
  return query.text.trim() !== '' || query.outcome !== 'any' || query.format !== '' || query.lowOnly;
}

function passing(store: TraceStore, query: Query, threshold: number): Int32Array {
  const wanted = query.text.trim().toLowerCase();
  const rows = new Int32Array(store.count);
  let count = 0;
  for (let row = 0; row < store.count; row++) {
    if (query.outcome !== 'any' && store.outcome(row) !== query.outcome) continue;
    if (query.format !== '' && store.format(row) !== query.format) continue;
    if (query.lowOnly && !(store.lowest(row) < threshold)) continue;
    if (wanted !== '' && !store.lowerId(row).includes(wanted)) continue;
    rows[count++] = row;
  }
  return rows.slice(0, count);
}

const VALUE: { readonly [K in Exclude<SortKey, 'file'>]: (store: TraceStore, row: number) => number } = {
  lowest: (store, row) => store.lowest(row),
  mean: (store, row) => store.mean(row),
  last: (store, row) => store.last(row),
  length: (store, row) => store.steps(row),
};

/** The number that a row is sorted by and that its line shows; in file order that is the lowest reward. */
export function sortValue(store: TraceStore, row: number, sort: SortKey): number {
  return VALUE[sort === 'file' ? 'lowest' : sort](store, row);
}
