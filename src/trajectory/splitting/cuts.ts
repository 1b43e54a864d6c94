import { contains, protectedRanges, type Range } from './protected';

/** A place to cut at: what stands in [start, end) separates two pieces and belongs to neither. */
export type Cut = Range;

/**
 * Cuts a text. Cuts inside code, formulas and tables are left out; pieces lose the white space at their ends, and blank
 * ones are dropped. The pieces are in order and do not overlap.
 */
export function applyCuts(text: string, cuts: Iterable<Cut>): Range[] {
  const inside = contains(protectedRanges(text));
  const pieces: Range[] = [];
  let from = 0;
  for (const cut of cuts) {
    if (cut.start < from || inside(cut.start) || (cut.end > cut.start && inside(cut.end))) continue;
    addTrimmed(pieces, text, from, cut.start);
    from = cut.end;
  }
  addTrimmed(pieces, text, from, text.length);
  return pieces;
}

function addTrimmed(pieces: Range[], text: string, from: number, to: number): void {
  const piece = text.slice(from, to);
  const start = from + piece.length - piece.trimStart().length;
  const end = from + piece.trimEnd().length;
  if (start < end) pieces.push({ start, end });
}
