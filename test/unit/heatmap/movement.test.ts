import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cursor, type Grid, MOVES, type Move, moved } from '../../../src/heatmap/model/movement';
import { COLUMN_MODES } from '../../../src/heatmap/view-state';
import { anyRows, row, storeOf } from './batches';

const grid = (lists: readonly (readonly number[])[], change: Partial<Grid> = {}): Grid => ({
  store: storeOf(lists.map((rewards) => row(rewards))),
  rows: Int32Array.from(lists, (_, i) => i),
  mode: 'step',
  pageRows: 3,
  threshold: -0.5,
  ...change,
});

function walk(on: Grid, moves: readonly Move[]): [number, number] | undefined {
  let at: Cursor | undefined;
  for (const move of moves) at = moved(on, at, move);
  return at === undefined ? undefined : [at.at, at.step];
}

describe('moved', () => {
  const shape = grid([[0, 0, 0, 0], [0], [0, 0, 0], [], [0, 0]]);

  it('enters at the first cell, or where the move points', () => {
    expect(walk(shape, ['down'])).toEqual([0, 0]);
    expect(walk(shape, ['last'])).toEqual([4, 1]);
    expect(walk(grid([[0], [0, -1]]), ['nextLow'])).toEqual([1, 1]);
    expect(walk(grid([[0]]), ['nextLow'])).toEqual([0, 0]);
    expect(walk(grid([]), ['down'])).toBeUndefined();
  });

  it('keeps its column over shorter rows', () => {
    expect(walk(shape, ['first', 'rowEnd', 'down'])).toEqual([1, 0]);
    expect(walk(shape, ['first', 'rowEnd', 'down', 'down'])).toEqual([2, 2]);
    expect(walk(shape, ['first', 'right', 'down', 'down', 'down'])).toEqual([3, 0]);
    expect(walk(shape, ['first', 'right', 'down', 'down', 'down', 'down'])).toEqual([4, 1]);
  });

  it('stops at the ends', () => {
    expect(walk(shape, ['first', 'left', 'up'])).toEqual([0, 0]);
    expect(walk(shape, ['last', 'right', 'down', 'pageDown'])).toEqual([4, 1]);
  });

  it('pages by one row less than fit, so that one row stays in sight', () => {
    expect(walk(shape, ['first', 'pageDown'])).toEqual([2, 0]);
    expect(walk(shape, ['last', 'pageUp'])).toEqual([2, 1]);
  });

  it('goes from low step to low step in reading order, and stays where there is none', () => {
    const low = grid([[0, -1, -1], [0], [-1, 0, -1]]);
    expect(walk(low, ['first', 'nextLow'])).toEqual([0, 1]);
    expect(walk(low, ['first', 'nextLow', 'nextLow', 'nextLow'])).toEqual([2, 0]);
    expect(walk(low, ['last', 'previousLow', 'previousLow'])).toEqual([0, 2]);
    expect(walk(low, ['last', 'nextLow'])).toEqual([2, 2]);
  });

  it('moves from cell to cell by fraction', () => {
    const few = grid([[0, 0, 0]], { mode: 'fraction' });
    expect(walk(few, ['first', 'right'])).toEqual([0, 1]);
    expect(walk(few, ['first', 'right', 'right', 'right'])).toEqual([0, 2]);
    const many = Array.from({ length: 40 }, (_, i) => (i === 3 ? -1 : 0));
    expect(walk(grid([many], { mode: 'fraction' }), ['first', 'right'])).toEqual([0, 3]);
  });

  it('never leaves the grid, whatever is pressed', () => {
    const anyMoves = fc.array(fc.constantFrom(...MOVES), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        anyRows,
        anyMoves,
        fc.constantFrom(...COLUMN_MODES),
        fc.integer({ min: 1, max: 9 }),
        (rows, moves, mode, pageRows) => {
          const store = storeOf(rows);
          const on: Grid = {
            store,
            rows: Int32Array.from(rows, (_, i) => i),
            mode,
            pageRows,
            threshold: -0.5,
          };
          const place = walk(on, moves);
          if (rows.length === 0) expect(place).toBeUndefined();
          else {
            const [at, step] = place ?? [-1, -1];
            expect(at).toBeGreaterThanOrEqual(0);
            expect(at).toBeLessThan(rows.length);
            expect(step).toBeGreaterThanOrEqual(0);
            expect(step).toBeLessThan(Math.max(store.steps(at), 1));
          }
        },
      ),
    );
  });

  it('comes back with the opposite move', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.nat(59),
        fc.constantFrom(...COLUMN_MODES),
        (steps, start, mode) => {
          const on = grid([new Array(steps).fill(0)], { mode });
          const from = moved(on, undefined, 'first');
          let at = from;
          for (let i = 0; i < start % steps; i++) at = moved(on, at, 'right');
          const right = moved(on, at, 'right');
          if (right?.step !== at?.step) expect(moved(on, right, 'left')).toEqual(at);
        },
      ),
    );
  });
});
