import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cell,
  cellAt,
  columnCount,
  columnLabel,
  columnOf,
  FRACTIONS,
  shownStep,
} from '../../../src/heatmap/model/columns';
import { summarise } from '../../../src/heatmap/model/summary';
import { COLUMN_MODES, type ColumnMode } from '../../../src/heatmap/view-state';
import { anyRows, row, storeOf } from './batches';

const anyMode = fc.constantFrom(...COLUMN_MODES);
const anySteps = fc.integer({ min: 1, max: 500 });

/** All cells of a row, by walking from one to the next. */
function cells(mode: ColumnMode, steps: number): Cell[] {
  const found: Cell[] = [];
  let cell = cellAt(mode, steps, 0);
  while (cell !== undefined) {
    found.push(cell);
    cell = cellAt(mode, steps, cell.lastColumn + 1);
  }
  return found;
}

describe('cellAt', () => {
  it('puts every step in exactly one cell and every column of a row in one', () => {
    fc.assert(
      fc.property(anyMode, anySteps, (mode, steps) => {
        const all = cells(mode, steps);
        const stepsMet = all.flatMap(({ firstStep, lastStep }) => range(firstStep, lastStep));
        expect(stepsMet).toEqual(range(0, steps - 1));
        const columnsMet = all.flatMap(({ firstColumn, lastColumn }) => range(firstColumn, lastColumn));
        expect(columnsMet).toEqual(range(0, columnCount(mode, steps) - 1));
      }),
    );
  });

  it('finds the same cell from each of its columns, and its first column from each of its steps', () => {
    fc.assert(
      fc.property(anyMode, anySteps, (mode, steps) => {
        for (const cell of cells(mode, steps)) {
          for (const column of range(cell.firstColumn, cell.lastColumn)) {
            expect(cellAt(mode, steps, column)).toEqual(cell);
          }
          for (const step of range(cell.firstStep, cell.lastStep)) {
            expect(columnOf(mode, steps, step)).toBe(cell.firstColumn);
          }
        }
      }),
    );
  });

  it('has nothing beyond the ends', () => {
    expect(cellAt('step', 3, 3)).toBeUndefined();
    expect(cellAt('step', 3, -1)).toBeUndefined();
    expect(cellAt('fraction', 3, FRACTIONS)).toBeUndefined();
    expect(cellAt('fraction', 0, 0)).toBeUndefined();
    expect(columnCount('fraction', 0)).toBe(0);
  });
});

describe('shownStep', () => {
  it('shows the lowest of the steps in a cell, the first where none has a reward', () => {
    const cell = { firstColumn: 0, lastColumn: 0, firstStep: 1, lastStep: 3 };
    expect(shownStep(cell, Float32Array.of(-9, 0.5, -0.5, 0.1))).toBe(2);
    expect(shownStep(cell, Float32Array.of(-9, Number.NaN, Number.NaN, Number.NaN))).toBe(1);
  });
});

describe('columnLabel', () => {
  it('counts steps from 1 and parts in percent', () => {
    expect([columnLabel('step', 0), columnLabel('step', 99)]).toEqual(['1', '100']);
    expect([columnLabel('fraction', 0), columnLabel('fraction', 19)]).toEqual(['0%', '95%']);
  });
});

describe('summarise', () => {
  it('sums up columns over rows of different lengths', () => {
    const store = storeOf([row([1, -1]), row([0]), row([Number.NaN, 0.5, 0.25])]);
    const summary = summarise(store, Int32Array.of(0, 1, 2), 'step', -0.5);
    expect(summary).toMatchObject({ maxSteps: 3, columns: 3, steps: 6, low: 1, scored: 3 });
    expect(Array.from(summary.columnMeans)).toEqual([0.5, -0.25, 0.25]);
    expect(Array.from(summarise(store, Int32Array.of(1), 'fraction', 0).columnMeans)).toEqual(
      new Array(20).fill(0),
    );
    expect(Array.from(summarise(store, Int32Array.of(), 'step', 0).columnMeans)).toEqual([]);
  });

  it('agrees with a plain mean over what the cells show', () => {
    fc.assert(
      fc.property(anyRows, anyMode, (rows, mode) => {
        const store = storeOf(rows);
        const all = Int32Array.from(rows, (_, i) => i);
        const summary = summarise(store, all, mode, -0.25);
        summary.columnMeans.forEach((mean, column) => {
          const values = rows.flatMap((_, i) => {
            const cell = cellAt(mode, store.steps(i), column);
            const reward =
              cell === undefined ? Number.NaN : store.reward(i, shownStep(cell, store.rewardsOf(i)));
            return Number.isNaN(reward) ? [] : [reward];
          });
          const plain = values.reduce((sum, value) => sum + value, 0) / values.length;
          if (values.length === 0) expect(mean).toBeNaN();
          else expect(mean).toBeCloseTo(plain, 5);
        });
        expect(summary.low).toBe(
          rows.flatMap(({ rewards }) => rewards).filter((reward) => reward < -0.25).length,
        );
      }),
    );
  });
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
