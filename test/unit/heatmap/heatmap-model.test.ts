import { beforeEach, describe, expect, it } from 'vitest';
import { HeatmapModel } from '../../../src/heatmap/model/heatmap-model';
import type { InitMessage } from '../../../src/heatmap/protocol';
import { DEFAULT_VIEW_STATE } from '../../../src/heatmap/view-state';
import { batchOf, type Row, row } from './batches';

const INIT: InitMessage = {
  type: 'init',
  generation: 1,
  title: 'a.jsonl',
  measure: { name: 'CPMI', unit: 'nats per token', detail: '' },
  settings: { threshold: -0.2, bands: [-0.5, 0, 0.5] },
  strings: {},
  locale: 'en',
};
const ROWS: readonly Row[] = [
  row([0.1, -0.2, 0.3], { id: 'one', outcome: 'right' }),
  row([-0.9, 0.2], { id: 'two', outcome: 'wrong' }),
  row([0.4], { id: 'three' }),
];

describe('HeatmapModel', () => {
  let model: HeatmapModel;
  const load = (rows = ROWS, generation = 1) => {
    model.start({ ...INIT, generation });
    model.store.writeRows(batchOf(rows));
    model.refresh();
  };
  beforeEach(() => {
    model = new HeatmapModel(DEFAULT_VIEW_STATE);
    load();
  });

  it('shows rows by filter and order, and knows where they are', () => {
    model.setState({ sort: 'lowest', descending: true });
    expect(Array.from(model.rows)).toEqual([2, 0, 1]);
    model.setState({ outcome: 'wrong' });
    expect([0, 1, 2, 9].map((at) => model.placeOf(at))).toEqual([-1, 0, -1, -1]);
  });

  it('does not call a reward at the threshold low, though both are rounded', () => {
    expect(model.summary.low).toBe(1);
    model.useSettings({ threshold: -0.19, bands: [0] });
    expect(model.summary.low).toBe(2);
  });

  it('moves from the first cell on and keeps its column', () => {
    expect(model.move('right', 10)).toBe(true);
    expect(model.selection).toEqual({ row: 0, step: 0 });
    model.move('rowEnd', 10);
    model.move('down', 10);
    expect(model.selection).toEqual({ row: 1, step: 1 });
    model.move('up', 10);
    expect(model.selection).toEqual({ row: 0, step: 2 });
    expect(model.move('up', 10)).toBe(false);
  });

  it('starts a move anew from a row that a filter hides', () => {
    model.select(1, 0);
    model.setState({ outcome: 'right' });
    expect(model.selection).toEqual({ row: 1, step: 0 });
    model.move('down', 10);
    expect(model.selection).toEqual({ row: 0, step: 0 });
  });

  it('takes a step beyond the end for the last one, and no row that does not exist', () => {
    model.select(1, 99);
    expect(model.selection).toEqual({ row: 1, step: 1 });
    model.select(99, 0);
    expect(model.selection).toEqual({ row: 1, step: 1 });
    model.store.writeRows(batchOf([row([1], { id: 'two' })], 1));
    model.refresh();
    expect(model.selection).toEqual({ row: 1, step: 0 });
  });

  it('finds the selected trace again by its id, in a new generation and after a reload', () => {
    model.select(1, 1);
    expect(model.remembered()).toEqual({ id: 'two', step: 1 });
    load([row([0], { id: 'new' }), ...ROWS], 2);
    expect(model.selection).toEqual({ row: 2, step: 1 });
    model.start({ ...INIT, generation: 3 });
    expect(model.selection).toBeNull();
    expect(model.remembered(), 'kept until the trace is read again').toEqual({ id: 'two', step: 1 });
    model = new HeatmapModel({ ...DEFAULT_VIEW_STATE, selected: { id: 'three', step: 4 } });
    load();
    expect(model.selection).toEqual({ row: 2, step: 0 });
  });

  it('gives up a stored selection once another one is made', () => {
    model = new HeatmapModel({ ...DEFAULT_VIEW_STATE, selected: { id: 'late', step: 0 } });
    load();
    model.select(0, 0);
    model.store.writeRows(batchOf([row([1], { id: 'late' })], 3));
    model.refresh();
    expect(model.selection).toEqual({ row: 0, step: 0 });
  });
});
