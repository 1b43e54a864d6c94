import { applyCuts, type Cut } from './cuts';
import type { Range } from './protected';

/** `Step 3:`, `**Thought 3.**`, `## Step 3 - ...` at the beginning of a line, or `Step 3:` within one. */
const WORDED =
  /(^[ \t]*[#>*_\-\s]{0,8})?\b(?:step|thought)[ \t]{0,4}#?(\d{1,6})\b(?=[ \t]{0,2}([:.)\-–—*\]]|$)?)/gim;

/** `3.`, `3)`, `(3)` at the beginning of a line. */
const BARE = /^([ \t]*)(?:\*\*)?(?:(\d{1,3})[.)]|\((\d{1,3})\))(?=[ \t*])/gm;

/** Cuts before each numbered step; what stands before the first one is a piece of its own. */
export function splitAtNumbers(text: string): Range[] {
  const worded = wordedCuts(text);
  return applyCuts(text, worded.length > 0 ? worded : bareCuts(text));
}

/** How many numbered steps a text has. */
export function countNumbers(text: string): number {
  return Math.max(wordedCuts(text).length, bareCuts(text).length);
}

function wordedCuts(text: string): Cut[] {
  const cuts: Cut[] = [];
  let expected: number | undefined;
  for (const match of text.matchAll(WORDED)) {
    const [, lineStart, digits = '', behind] = match;
    const number = Number(digits);
    // "as Step 2 says" in the middle of a line is no beginning: there the next number and a colon are wanted.
    const begins = lineStart !== undefined || match.index === 0 || text[match.index - 1] === '\n';
    if (!begins && !(behind === ':' && number === expected)) continue;
    if (begins && behind === undefined) continue;
    cuts.push({ start: match.index, end: match.index });
    expected = number + 1;
  }
  return cuts;
}

/** A list that counts up, at the indentation of its first item: nested lists and numbers in sentences are no steps. */
function bareCuts(text: string): Cut[] {
  const cuts: Cut[] = [];
  let indent: number | undefined;
  let expected: number | undefined;
  for (const match of text.matchAll(BARE)) {
    const [, space = '', plain, bracketed] = match;
    const number = Number(plain ?? bracketed);
    if (expected === undefined ? number > 1 : number !== expected || space.length !== indent) continue;
    cuts.push({ start: match.index, end: match.index });
    indent ??= space.length;
    expected = number + 1;
  }
  return cuts.length > 1 ? cuts : [];
}
