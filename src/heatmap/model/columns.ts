import type { ColumnMode } from '../view-state';

/** Columns of the mode `fraction`: each is 1/20 of every trace. */
export const FRACTIONS = 20;

/** One drawn cell of a row: the columns it spans and the steps it stands for, all ends inclusive. */
export interface Cell {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstStep: number;
  readonly lastStep: number;
}

/** How many columns there are for traces of up to `maxSteps` steps. */
export function columnCount(mode: ColumnMode, maxSteps: number): number {
  if (maxSteps === 0) return 0;
  return mode === 'step' ? maxSteps : FRACTIONS;
}

/**
 * The cell of a trace of `steps` steps that covers `column`, or undefined beyond its end.
 *
 * By step, a cell is one column and one step. By fraction, a trace shorter than the number of columns gives each step a
 * run of columns; a longer one gives each column a run of steps. Every step is in exactly one cell.
 */
export function cellAt(mode: ColumnMode, steps: number, column: number): Cell | undefined {
  if (mode === 'step') {
    return column >= 0 && column < steps
      ? { firstColumn: column, lastColumn: column, firstStep: column, lastStep: column }
      : undefined;
  }
  if (steps === 0 || column < 0 || column >= FRACTIONS) return undefined;
  if (steps <= FRACTIONS) {
    const step = Math.floor((column * steps) / FRACTIONS);
    return {
      firstColumn: Math.ceil((step * FRACTIONS) / steps),
      lastColumn: Math.ceil(((step + 1) * FRACTIONS) / steps) - 1,
      firstStep: step,
      lastStep: step,
    };
  }
  return {
    firstColumn: column,
    lastColumn: column,
    firstStep: Math.ceil((column * steps) / FRACTIONS),
    lastStep: Math.ceil(((column + 1) * steps) / FRACTIONS) - 1,
  };
}

/** The first column of the cell that holds `step`, of a trace of `steps` steps. */
export function columnOf(mode: ColumnMode, steps: number, step: number): number {
  if (mode === 'step' || steps === 0) return step;
  return steps <= FRACTIONS ? Math.ceil((step * FRACTIONS) / steps) : Math.floor((step * FRACTIONS) / steps);
}

/** The step that a cell shows: the one with the lowest reward, as a low step must not hide behind its neighbours. */
export function shownStep(cell: Cell, rewards: Float32Array): number {
  let shown = cell.firstStep;
  let lowest = Number.POSITIVE_INFINITY;
  for (let step = cell.firstStep; step <= cell.lastStep; step++) {
    const reward = rewards[step] ?? Number.NaN;
    if (reward < lowest) {
      lowest = reward;
      shown = step;
    }
  }
  return shown;
}

/** A column's heading: the step's number from 1, or the part of the trace where it begins, in percent. */
export function columnLabel(mode: ColumnMode, column: number): string {
  return mode === 'step' ? String(column + 1) : `${Math.round((column * 100) / FRACTIONS)}%`;
}
