import { describe, expect, it } from 'vitest';
import { OwnMoves } from '../../../src/editor/heatmap/own-moves';

const A = { trace: 2, step: 0 };
const B = { trace: 2, step: 1 };
const C = { trace: 5, step: undefined };

describe('the cursor’s moves for a heatmap', () => {
  it('are known in the order in which they were asked for', () => {
    const moves = new OwnMoves();
    moves.expect(A);
    moves.expect(B);
    expect([A, B].map((place) => moves.isOwn(place))).toEqual([true, true]);
  });

  it('are known where only the last of several is reported', () => {
    const moves = new OwnMoves();
    moves.expect(A);
    moves.expect(B);
    expect([B, A].map((place) => moves.isOwn(place))).toEqual([true, false]);
  });

  it('count once', () => {
    const moves = new OwnMoves();
    moves.expect(C);
    expect([C, C].map((place) => moves.isOwn(place))).toEqual([true, false]);
  });

  it('hide no move of a person, also where the cursor had been there already and nothing was reported', () => {
    const moves = new OwnMoves();
    moves.expect(A);
    moves.expect(A);
    expect([C, A].map((place) => moves.isOwn(place))).toEqual([false, false]);
  });
});
