/** A sentence of a text: `start` inclusive, `end` exclusive, without the white space around it. */
export interface Sentence {
  readonly start: number;
  readonly end: number;
}

/** Words whose full stop ends no sentence. */
const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st jr sr vs etc no fig eq eqs approx ca cf e.g i.e a.m p.m al'.split(' '),
);

const CLOSERS = new Set(')]}"\'”’*_$»');
const SPACE = /\s/;
const LONGEST_ABBREVIATION = 8;

/** Whether the full stop at `at` belongs to an abbreviation or to an initial. */
function isAbbreviation(text: string, at: number): boolean {
  const before = /([\p{L}.]+)$/u.exec(text.slice(Math.max(0, at - LONGEST_ABBREVIATION), at))?.[1];
  if (before === undefined) return false;
  return ABBREVIATIONS.has(before.toLowerCase()) || /^\p{Lu}$/u.test(before);
}

/** Where the quotes, brackets and math delimiters behind a full stop end. */
function skipClosers(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (CLOSERS.has(text[at] ?? '')) at++;
    else if (text[at] === '\\' && (text[at + 1] === ')' || text[at + 1] === ']')) at += 2;
    else return at;
  }
}

/** A word with a capital letter behind a displayed formula that has no full stop of its own. */
const NEW_SENTENCE = /^\s{1,3}\p{Lu}\p{Ll}/u;

/** A heading that stands alone over the answer: the sentence goes on in the next line. */
const ANSWER_HEADING = /^[\s*#_>-]{0,12}(?:the )?(?:final )?answer[\s*_:.-]{0,8}$/i;

/** Whether a line break behind `before` (the sentence so far) and ahead of `next` leaves the sentence open. */
function continues(before: string, next: string): boolean {
  const last = before.at(-1) ?? '';
  if (last === ':' || last === ',' || ANSWER_HEADING.test(before)) return true;
  const display = next.startsWith('\\[') || next.startsWith('$$');
  return display && !'.!?'.includes(last);
}

/**
 * Splits prose with LaTeX into sentences, in one pass. Nothing is cut inside `\(…\)` or `\[…\]`; a line break ends a
 * sentence unless a colon, a comma, an answer heading or a displayed formula says that it goes on. Dollar signs are
 * not taken as math: half of them are money.
 */
export function splitSentences(text: string): Sentence[] {
  const found: Sentence[] = [];
  let start = -1;
  let end = 0;
  let math = false;
  const close = () => {
    if (start >= 0) found.push({ start, end });
    start = -1;
    math = false;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (SPACE.test(char)) {
      let after = i + 1;
      while (after < text.length && SPACE.test(text[after] ?? '')) after++;
      const gap = text.slice(i, after);
      const blank = gap.indexOf('\n') !== gap.lastIndexOf('\n');
      if (start >= 0 && gap.includes('\n') && (!math || blank)) {
        const before = text.slice(Math.max(start, end - 60), end);
        if (!continues(before, text.slice(after, after + 2))) close();
      }
      i = after - 1;
      continue;
    }
    if (start < 0) start = i;
    end = i + 1;
    if (char === '\\') {
      const next = text[i + 1] ?? '';
      if (next === '(' || next === '[') math = true;
      if (next === ')' || next === ']') math = false;
      if (next !== '' && !SPACE.test(next)) end = ++i + 1;
      if (next === ']' && NEW_SENTENCE.test(text.slice(end, end + 6))) close();
      continue;
    }
    if (char !== '.' && char !== '!' && char !== '?') continue;
    if (char === '.' && isAbbreviation(text, i)) continue;
    const after = skipClosers(text, i + 1);
    if (math && !/\\[)\]]/.test(text.slice(i + 1, after))) continue;
    if (after < text.length && !SPACE.test(text[after] ?? '')) continue;
    if (/^\s{1,3}\p{Ll}/u.test(text.slice(after, after + 5))) continue;
    end = after;
    i = after - 1;
    close();
  }
  close();
  return found;
}
