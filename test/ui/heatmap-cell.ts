import type { Locator } from 'playwright-core';
import { columnX, layOut, rowY } from '../../src/heatmap/drawing/layout';
import type { Ui } from './driver';

/** The heatmap of the example traces has so many rows and columns. */
const SIZE = { rows: 12, columns: 5, rowSize: 'comfortable' } as const;

/** The heatmap's grid and the middle of one of its cells; row and column count from 0, nothing is scrolled. */
export async function cellAt(
  ui: Ui,
  row: number,
  column: number,
): Promise<{ readonly grid: Locator; readonly position: { readonly x: number; readonly y: number } }> {
  const grid = ui.webview().locator('.grid');
  const [width, height] = await grid.evaluate(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]);
  const layout = layOut({ ...SIZE, width, height });
  const corner = { top: 0, left: 0 };
  const x = columnX(layout, corner, column) + layout.columnWidth / 2;
  return { grid, position: { x, y: rowY(layout, corner, row) + layout.rowHeight / 2 } };
}
