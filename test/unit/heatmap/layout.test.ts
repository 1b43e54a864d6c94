import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  columnX,
  hit,
  type Layout,
  layOut,
  type Offset,
  pageRows,
  reveal,
  rowY,
  visible,
} from '../../../src/heatmap/drawing/layout';
import { ROW_SIZES } from '../../../src/heatmap/view-state';

const anyLayout = fc
  .record({
    width: fc.integer({ min: 300, max: 3000 }),
    height: fc.integer({ min: 120, max: 2000 }),
    rows: fc.integer({ min: 1, max: 3_000_000 }),
    columns: fc.integer({ min: 1, max: 3000 }),
    rowSize: fc.constantFrom(...ROW_SIZES),
  })
  .map(layOut);

/** A layout, a scroll position inside it, and a cell of it. */
const anyPlace = anyLayout.chain((layout) =>
  fc.record({
    layout: fc.constant(layout),
    offset: fc.record({
      top: fc.integer({
        min: 0,
        max: Math.max(0, layout.rows * layout.rowHeight - layout.height + layout.header),
      }),
      left: fc.integer({ min: 0, max: Math.max(0, layout.scrollWidth - layout.width) }),
    }),
    row: fc.integer({ min: 0, max: layout.rows - 1 }),
    column: fc.integer({ min: 0, max: layout.columns - 1 }),
  }),
);

const inView = (layout: Layout, offset: Offset, row: number, column: number): boolean => {
  const [x, y] = [columnX(layout, offset, column), rowY(layout, offset, row)];
  return (
    x >= layout.gutter &&
    x + layout.columnWidth <= layout.width &&
    y >= layout.header &&
    y + layout.rowHeight <= layout.height
  );
};

describe('layout', () => {
  it('finds under a point what is drawn there', () => {
    fc.assert(
      fc.property(anyPlace, ({ layout, offset, row, column }) => {
        const x = columnX(layout, offset, column) + layout.columnWidth / 2;
        const y = rowY(layout, offset, row) + layout.rowHeight / 2;
        const found = hit(layout, offset, x, y);
        const seen = x >= layout.gutter && x < layout.width && y >= layout.header && y < layout.height;
        if (seen) expect(found).toEqual({ row, column });
        else if (x >= layout.gutter) expect(found).toBeUndefined();
      }),
    );
  });

  it('draws every row and column that shows, and little more', () => {
    fc.assert(
      fc.property(anyPlace, ({ layout, offset, row, column }) => {
        const window = visible(layout, offset);
        const y = rowY(layout, offset, row);
        const shows = y + layout.rowHeight > layout.header && y < layout.height;
        expect(row >= window.firstRow && row < window.endRow).toBe(shows);
        const x = columnX(layout, offset, column);
        const wide = x + layout.columnWidth > layout.gutter && x < layout.width;
        expect(column >= window.firstColumn && column < window.endColumn).toBe(wide);
        expect(window.endRow - window.firstRow).toBeLessThanOrEqual(layout.height / layout.rowHeight + 2);
      }),
    );
  });

  it('reveals a cell, and does not scroll where it is in view', () => {
    fc.assert(
      fc.property(anyPlace, ({ layout, offset, row, column }) => {
        const after = reveal(layout, offset, row, { first: column, last: column });
        expect(inView(layout, after, row, column)).toBe(true);
        const again = reveal(layout, after, row, { first: column, last: column });
        expect(again).toEqual(after);
      }),
    );
  });

  it('never asks the browser for more height than it lays out, and can still reach the last row', () => {
    fc.assert(
      fc.property(anyLayout, (layout) => {
        expect(layout.scrollHeight).toBeLessThanOrEqual(12_000_000);
        const lowest = Math.max(0, layout.scrollHeight - layout.height) * layout.stretch;
        const { endRow } = visible(layout, { top: lowest, left: 0 });
        expect(endRow).toBe(layout.rows);
      }),
    );
  });

  it('knows the labels and what lies outside', () => {
    const layout = layOut({ width: 1000, height: 500, rows: 5, columns: 4, rowSize: 'comfortable' });
    const top = { top: 0, left: 0 };
    expect(hit(layout, top, 5, layout.header + 1)).toEqual({ row: 0, column: -1 });
    expect(hit(layout, top, 5, layout.header - 1)).toBeUndefined();
    expect(hit(layout, top, 5, layout.header + 5 * layout.rowHeight + 1)).toBeUndefined();
    expect(hit(layout, top, 999, layout.header + 1)).toBeUndefined();
    expect(pageRows(layout)).toBe(Math.floor((500 - layout.header) / 24));
  });
});
