import { describe, expect, it } from 'vitest';
import { type CellPlace, OwnMoves } from '../../../src/editor/heatmap/own-moves';

const A = { trace: 2, step: 0 };
const B = { trace: 2, step: 1 };
const C = { trace: 5, step: undefined };

/** Which of the cursor's moves were the heatmap's own, after it asked for some. */
function ownAmong(asked: readonly CellPlace[], moves: readonly CellPlace[]): boolean[] {
  const own = new OwnMoves();
  for (const place of asked) own.expect(place);
  return moves.map((place) => own.isOwn(place));
}

describe('the cursor’s moves for a heatmap', () => {
  it('are known in the order in which they were asked for', () => {
    expect(ownAmong([A, B], [A, B])).toEqual([true, true]);
  });

  it('are known where only the last of several is reported', () => {
    expect(ownAmong([A, B], [B, A])).toEqual([true, false]);
  });

  it('count once', () => {
    expect(ownAmong([C], [C, C])).toEqual([true, false]);
  });

  it('hide no move of a person, also where the cursor had been there already and nothing was reported', () => {
    expect(ownAmong([A, A], [C, A])).toEqual([false, false]);
  });
});
