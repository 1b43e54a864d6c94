import type { ColumnMode } from '../view-state';
import { cellAt, columnOf, shownStep } from './columns';
import type { TraceStore } from './trace-store';

/** A place in the grid: index into the shown rows, and a step of that row's trace (0 where it has none). */
export interface Place {
  readonly at: number;
  readonly step: number;
}

/** The active place and the column that up and down try to keep, as an editor's cursor does over short lines. */
export interface Cursor extends Place {
  readonly column: number;
}

export const MOVES = [
  'left',
  'right',
  'up',
  'down',
  'rowStart',
  'rowEnd',
  'pageUp',
  'pageDown',
  'first',
  'last',
  'nextLow',
  'previousLow',
] as const;
export type Move = (typeof MOVES)[number];

/** What the rules of movement need to know of the grid. */
export interface Grid {
  readonly store: TraceStore;
  readonly rows: Int32Array;
  readonly mode: ColumnMode;
  /** Rows that fit on the screen; a page's length. */
  readonly pageRows: number;
  readonly threshold: number;
}

/**
 * Where `move` leads. Stays where there is nothing further; undefined only where no row is shown. From nowhere, most
 * moves lead to the first cell.
 */
export function moved(grid: Grid, from: Cursor | undefined, move: Move): Cursor | undefined {
  if (grid.rows.length === 0) return undefined;
  if (from === undefined) return entered(grid, move);
  const here = { ...from, at: clamp(from.at, grid.rows.length) };
  switch (move) {
    case 'left':
      return sideways(grid, here, -1);
    case 'right':
      return sideways(grid, here, 1);
    case 'up':
      return toRow(grid, here, here.at - 1);
    case 'down':
      return toRow(grid, here, here.at + 1);
    case 'pageUp':
      return toRow(grid, here, here.at - Math.max(1, grid.pageRows - 1));
    case 'pageDown':
      return toRow(grid, here, here.at + Math.max(1, grid.pageRows - 1));
    case 'rowStart':
      return toColumn(grid, here.at, 0);
    case 'rowEnd':
      return toColumn(grid, here.at, Number.MAX_SAFE_INTEGER);
    case 'first':
      return toColumn(grid, 0, 0);
    case 'last':
      return toColumn(grid, grid.rows.length - 1, Number.MAX_SAFE_INTEGER);
    case 'nextLow':
      return low(grid, here, 1) ?? here;
    case 'previousLow':
      return low(grid, here, -1) ?? here;
  }
}

function entered(grid: Grid, move: Move): Cursor {
  if (move === 'last') return toColumn(grid, grid.rows.length - 1, Number.MAX_SAFE_INTEGER);
  const before = { at: 0, step: -1, column: 0 };
  return (move === 'nextLow' ? low(grid, before, 1) : undefined) ?? toColumn(grid, 0, 0);
}

/** The cursor on a given step, with the column that this step is in. */
export function cursorAt(grid: Grid, place: Place): Cursor {
  return { ...place, column: columnOf(grid.mode, stepsAt(grid, place.at), place.step) };
}

function sideways(grid: Grid, from: Cursor, by: 1 | -1): Cursor {
  const steps = stepsAt(grid, from.at);
  const cell = cellAt(grid.mode, steps, columnOf(grid.mode, steps, from.step));
  if (cell === undefined) return from;
  const column = by === 1 ? cell.lastColumn + 1 : cell.firstColumn - 1;
  return cellAt(grid.mode, steps, column) === undefined ? from : toColumn(grid, from.at, column);
}

function toRow(grid: Grid, from: Cursor, at: number): Cursor {
  const target = clamp(at, grid.rows.length);
  return target === from.at ? from : { ...toColumn(grid, target, from.column), column: from.column };
}

/** The step shown at `column` of a row, or its last step where the row is shorter. */
function toColumn(grid: Grid, at: number, column: number): Cursor {
  const row = grid.rows[at] ?? 0;
  const steps = grid.store.steps(row);
  if (steps === 0) return { at, step: 0, column: 0 };
  const last = columnOf(grid.mode, steps, steps - 1);
  const cell = cellAt(grid.mode, steps, column) ?? cellAt(grid.mode, steps, last);
  const step = cell === undefined ? steps - 1 : shownStep(cell, grid.store.rewardsOf(row));
  return { at, step, column: columnOf(grid.mode, steps, step) };
}

/** The next low step in reading order, or undefined where there is none ahead. */
function low(grid: Grid, from: Cursor, by: 1 | -1): Cursor | undefined {
  for (let at = from.at; at >= 0 && at < grid.rows.length; at += by) {
    const row = grid.rows[at] ?? 0;
    if (!(grid.store.lowest(row) < grid.threshold)) continue;
    const steps = grid.store.steps(row);
    let step = at === from.at ? from.step + by : by === 1 ? 0 : steps - 1;
    for (; step >= 0 && step < steps; step += by) {
      if (grid.store.reward(row, step) < grid.threshold) return cursorAt(grid, { at, step });
    }
  }
  return undefined;
}

function stepsAt(grid: Grid, at: number): number {
  return grid.store.steps(grid.rows[at] ?? -1);
}

function clamp(at: number, length: number): number {
  return Math.min(Math.max(at, 0), length - 1);
}
