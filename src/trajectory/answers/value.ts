import { findBoxes } from './braces';

/** The longest text that is still an answer: a list of twenty words fits, a paragraph does not. */
export const LONGEST_ANSWER = 300;

const NUMBER = /[-+−]?(?:(?:\\?\$|[€£¥₹])\s?)?[-+−]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)%?/gu;
const LEADING_NUMBER =
  /^(?:\*{1,2})?([-+−]?(?:\\?\$|[€£¥₹])?[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\\?%)?)(?:\*{1,2})?(?=$|[\s,;:.!?)*])/u;
const CHOICE =
  /^[([]?(?:choice|option)(?:[\s_\\]{1,3}[([]?|[([])([A-Z])\b|^\(([A-Za-z])\)(?=\s{1,4}[^,\s])|^([A-Z])[):.](?=\s{1,4}\p{L})/iu;
const MATH_PAIRS: readonly (readonly [string, string])[] = [
  ['\\(', '\\)'],
  ['\\[', '\\]'],
  ['$$', '$$'],
];

/**
 * A formula that the text starts with: its content and what follows. A single dollar opens a formula only where it
 * can't be money: no space inside the pair, no digit behind it.
 */
export function leadingFormula(text: string): { content: string; rest: string } | undefined {
  for (const [open, close] of MATH_PAIRS) {
    if (!text.startsWith(open)) continue;
    const end = text.indexOf(close, open.length);
    if (end > open.length) {
      return { content: text.slice(open.length, end).trim(), rest: text.slice(end + close.length) };
    }
  }
  const pair = /^\$(?=\S)((?:\\.|[^$\\]){1,300})(?<!\s)\$(?!\d)/u.exec(text);
  if (pair?.[1] === undefined) return undefined;
  return { content: pair[1].trim(), rest: text.slice(pair[0].length) };
}

/** The only number of a clause, if there is exactly one. "8th" and "x2" are words. */
export function onlyNumber(clause: string): string | undefined {
  let only: string | undefined;
  for (const match of clause.matchAll(NUMBER)) {
    const before = clause[match.index - 1] ?? ' ';
    const after = clause[match.index + match[0].length] ?? ' ';
    if (/[\p{L}\d.^_\\]/u.test(before) || /[\p{L}\d^_]/u.test(after)) continue;
    const number = match[0].trim().replace(/,$/u, '');
    if (only !== undefined && only !== number) return undefined;
    only = number;
  }
  return only;
}

function stripEdges(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && /[\s:*=_`]/u.test(text[from] ?? '')) from++;
  while (to > from && /[\s.*_`;,!]/u.test(text[to - 1] ?? '')) {
    if (text[to - 1] !== ' ' && text[to - 2] === '\\') break;
    to--;
  }
  return text.slice(from, to);
}

const REASON = /[,;]?\s(?:because|since|as it|as they|which)\s/iu;
/** Units set in LaTeX text, and the delimiter that closes the formula around a number. */
const UNIT_TEXT = /\\text\{[^{}\d]{0,60}\}|\\[)\]]/gu;
/** What makes a number the start of something longer than a number with its unit. */
const NOT_UNITS = /^\s*(?:[+*/^(-]|(?:or|and|to)\b)/u;
const APPROXIMATELY =
  /^(?:approximately|about|around|roughly|exactly|simply|just|only|therefore|indeed)\s{1,3}/iu;

/**
 * The answer in the words that follow "the answer is": a box's content, a formula, a number without the words behind
 * it, an option's letter, or the words themselves. Undefined where nothing usable follows.
 */
export function readValue(words: string): string | undefined {
  const box = findBoxes(words)[0];
  if (box !== undefined) return box.content.trim() === '' ? undefined : box.content.trim();
  const reason = REASON.exec(words);
  const text = stripEdges(reason === null ? words : words.slice(0, reason.index)).replace(APPROXIMATELY, '');
  if (text === '') return undefined;
  const choice = CHOICE.exec(text);
  const letter = choice?.[1] ?? choice?.[3];
  if (letter !== undefined) return letter.toUpperCase();
  if (choice?.[2] !== undefined && !/\([A-Za-z]\)/u.test(text.slice(3))) return `(${choice[2]})`;
  const formula = leadingFormula(text);
  if (formula !== undefined && !/[\d\\]/u.test(formula.rest)) return stripEdges(formula.content);
  const number = LEADING_NUMBER.exec(text);
  const rest = number === null ? '' : text.slice(number[0].length).replace(UNIT_TEXT, '');
  if (number?.[1] !== undefined && !/[\d\\$=]/u.test(rest) && !NOT_UNITS.test(rest)) return number[1];
  if (text.length > LONGEST_ANSWER) return undefined;
  const sentence = /^\p{Lu}/u.test(text) && text.split(/\s+/u).length >= 4;
  return (sentence ? onlyNumber(text) : undefined) ?? text;
}
