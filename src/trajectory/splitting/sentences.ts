import { applyCuts, type Cut } from './cuts';
import type { Range } from './protected';

/** Abbreviations that end in a full stop without ending a sentence. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st vs etc e.g i.e cf fig figs eq eqs no nos vol approx resp sec min hr ft in lb oz dept inc ltd jr sr'.split(
    ' ',
  ),
);

const END =
  /(?<![.!?。！？])[.!?。！？]+["'”’)\]*_]*(?:[ \t]+|\r?\n\s*)|[。！？]|\n[ \t\r]*\n\s*|\n(?=[ \t]*(?:[-*•]|\d{1,3}[.)])[ \t])/g;

/**
 * Cuts behind sentences: an end mark, then white space, then no lower-case letter. Not behind abbreviations, initials and
 * list numbers. Blank lines and list items cut too.
 */
export function splitAtSentences(text: string): Range[] {
  return applyCuts(text, sentenceCuts(text));
}

function* sentenceCuts(text: string): Generator<Cut> {
  for (const match of text.matchAll(END)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('\n') || endsSentence(text, match.index, end)) yield { start: end, end };
  }
}

function endsSentence(text: string, mark: number, next: number): boolean {
  if (/^["'(“‘]?\p{Ll}/u.test(text.slice(next, next + 2))) return false;
  if (text[mark] !== '.') return true;
  const word = /[\p{L}\p{N}.]*$/u.exec(text.slice(Math.max(0, mark - 12), mark))?.[0] ?? '';
  if (/^\p{Lu}$/u.test(word) || ABBREVIATIONS.has(word.toLowerCase())) return false;
  // "2. Then ..." at the beginning of a line.
  const before = text.slice(Math.max(0, mark - word.length - 2), mark - word.length);
  return !(/^\d{1,3}$/.test(word) && (mark === word.length || /\n[ \t]?$/.test(before)));
}
