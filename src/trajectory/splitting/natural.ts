import { applyCuts, type Cut } from './cuts';
import { protectedRanges, type Range } from './protected';

/** Paragraphs. A heading stays with what follows it, a formula, table or code block with what it belongs to. */
export function splitAtBlankLines(text: string): Range[] {
  const pieces = applyCuts(text, matches(text, /\n[ \t\r]*\n\s*/g));
  return attachBlocks(text, attachHeadings(text, pieces));
}

/** Lines that are not blank. */
export function splitAtLines(text: string): Range[] {
  return attachBlocks(text, applyCuts(text, matches(text, /\n\s*/g)));
}

export function* matches(text: string, pattern: RegExp): Generator<Cut> {
  for (const match of text.matchAll(pattern))
    yield { start: match.index, end: match.index + match[0].length };
}

/** A piece that is one displayed formula, table or code block is no step: it ends the sentence before it. */
function attachBlocks(text: string, pieces: readonly Range[]): Range[] {
  const blocks = protectedRanges(text);
  const joined: Range[] = [];
  let next = 0;
  for (const piece of pieces) {
    while (next < blocks.length && (blocks[next]?.end ?? 0) <= piece.start) next++;
    const block = blocks[next];
    const isBlock = block !== undefined && block.start <= piece.start && block.end >= piece.end;
    const before = joined.at(-1);
    if (isBlock && before) joined[joined.length - 1] = { start: before.start, end: piece.end };
    else joined.push(piece);
  }
  return joined;
}

/** A Markdown heading, a bold title or a rule on a line of its own. */
const HEADING = /^(?:#{1,6}[ \t][^\n]*|\*\*[^\n*]{1,120}\*\*:?|-{3,}|\*{3,}|_{3,})$/;

function attachHeadings(text: string, pieces: readonly Range[]): Range[] {
  const joined: Range[] = [];
  let heading: number | undefined;
  pieces.forEach((piece, index) => {
    const isHeading = index < pieces.length - 1 && HEADING.test(text.slice(piece.start, piece.end));
    if (isHeading) {
      heading ??= piece.start;
      return;
    }
    joined.push({ start: heading ?? piece.start, end: piece.end });
    heading = undefined;
  });
  return joined;
}
