import { matchBraces } from './braces';

/** Pairs that may stand around a whole answer and say nothing about it. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['$$', '$$'],
  ['$', '$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
  ['**', '**'],
  ['*', '*'],
  ['`', '`'],
  ['"', '"'],
  ['“', '”'],
];
const FRAMES =
  /^\\(?:boxed|fbox|framebox|text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|mbox|emph)\s?\{/u;

function unwrapPair(text: string): string | undefined {
  for (const [open, close] of PAIRS) {
    if (text.length <= open.length + close.length) continue;
    if (!text.startsWith(open) || !text.endsWith(close)) continue;
    if (open.length === 1 && text.at(-2) === '\\') continue;
    const inner = text.slice(open.length, -close.length);
    const bare = open.length === 1 ? inner.replaceAll(`\\${open}`, '') : inner;
    if (bare.includes(open) || bare.includes(close)) continue;
    return inner;
  }
  return undefined;
}

function unwrapFrame(text: string): string | undefined {
  const frame = FRAMES.exec(text)?.[0] ?? (text.startsWith('{') ? '{' : undefined);
  if (frame === undefined || !text.endsWith('}')) return undefined;
  return matchBraces(text).get(frame.length - 1) === text.length - 1
    ? text.slice(frame.length, -1)
    : undefined;
}

/** Takes off everything that stands around the whole answer: math delimiters, boxes, emphasis, a final full stop. */
export function unwrap(text: string): string {
  let inner = text.trim();
  for (;;) {
    let next = inner;
    while (/[.,;:\s]$/u.test(next) && next.at(-2) !== '\\') next = next.slice(0, -1);
    next = (unwrapPair(next) ?? unwrapFrame(next) ?? next).trim();
    if (next === inner) return inner;
    inner = next;
  }
}

const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/[−﹣－]/gu, '-'],
  [/^[–—](?=\s?[\d$\\.])/u, '-'],
  [/\\[dtc]frac(?![A-Za-z])/gu, '\\frac'],
  [
    /\\(?:left|right|bigl?|bigr?|Bigl?|Bigr?)(?=\s?(?:[()[\]|./]|\\[{}|]|\\[lr](?:angle|floor|ceil|vert)))\.?/gu,
    '',
  ],
  [/\\displaystyle(?![A-Za-z])/gu, ''],
  [/\\[!,;:>]|\\thinspace(?![A-Za-z])/gu, ''],
  [/\\(?:quad|qquad)(?![A-Za-z])|\\ |~/gu, ' '],
  [/\{,\}/gu, ','],
  [/\\([$%#&])/gu, '$1'],
  [/\s?\^\s?(?:\\circ(?![A-Za-z])|\{\s?\\circ\s?\})|\\degree(?![A-Za-z])/gu, '°'],
  [/\\frac\s?(\d)\s?(\d)/gu, '\\frac{$1}{$2}'],
  [/\\frac\s?(\d)\s?\{/gu, '\\frac{$1}{'],
  [/\\frac\s?(\{[^{}]{1,100}\})\s?(\d)/gu, '\\frac$1{$2}'],
  [/\\sqrt\s?(\d)/gu, '\\sqrt{$1}'],
  [/\\(?:text|textrm|mathrm|mbox)\s?\{([^{}]{0,200})\}/gu, ' $1 '],
];

/**
 * One spelling for what LaTeX and typography spell in several ways: \dfrac12 is \frac{1}{2}, 115{,}000 is 115,000,
 * \left( is (, U+2212 is -, 90^\circ is 90°, \$ is $, \text{ways} is ways; white space is collapsed.
 */
export function tidyLatex(text: string): string {
  let tidy = text;
  for (const [pattern, spelling] of REWRITES) tidy = tidy.replace(pattern, spelling);
  return tidy.replace(/\s+/gu, ' ').trim();
}

/** Whether a text is a formula rather than words: it has signs or digits, and no word but LaTeX commands. */
export function isFormula(text: string): boolean {
  const bare = text.replace(/\\[A-Za-z]+/gu, '\\');
  return /[\d\\+*/^=<>()[\]{}|_-]/u.test(bare) && !/\p{L}{2}/u.test(bare);
}

/** A formula without spaces but those that part a command from a letter, two numbers, or the items of a list; x^{2} is x^2. */
export function compactFormula(text: string): string {
  return text
    .replace(/ ?([\^_]) ?\{ ?(\w) ?\}/gu, '$1$2')
    .replace(/ ?([\^_]) ?(\d{2,})/gu, '$1{$2}')
    .replace(/ ?, ?/gu, ',')
    .replace(/(\\[A-Za-z]+) (?=[A-Za-z])/gu, '$1\n')
    .replace(/(?<=\d) (?=\d)/gu, '\n')
    .replaceAll(' ', '')
    .replaceAll('\n', ' ')
    .replaceAll(',', ', ')
    .trim();
}
