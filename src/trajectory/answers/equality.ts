import { readChoice } from './choice';
import { isFormula } from './latex';
import { type ParsedAnswer, parseAnswer } from './normalise';
import { multiply, type Rational, rational } from './rational';

const MOST_ITEMS = 64;
const BRACKETS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The items of a list between the commas that stand in no bracket; one item where there is no such comma. */
function splitItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char in BRACKETS) depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === ',' && depth === 0) {
      items.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  items.push(text.slice(start).trim());
  return items;
}

/** Whether the bracket that a text opens with is closed only at its end: (1, 2), not (1, 2) \cup (3, 4). */
function isOneBracket(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i] ?? '')) depth++;
    else if (')]}'.includes(text[i] ?? '') && --depth <= 0) return i === text.length - 1;
  }
  return false;
}

const numberKey = ({ num, den }: Rational) => `#${num}/${den}`;

/** The items' keys, sorted where their order says nothing: solutions "1, 3", a set {1, 3}; not a tuple (1, 3). */
function listKey(printed: string): string | undefined {
  if (!isFormula(printed) || !printed.includes(',')) return undefined;
  const set = /^\\\{(.*)\\\}$/u.exec(printed)?.[1];
  const tuple = isOneBracket(printed) ? /^([([])(.*)([)\]])$/u.exec(printed) : null;
  const inner = set ?? tuple?.[2] ?? printed;
  const items = splitItems(inner);
  if (items.length < 2 || items.length > MOST_ITEMS || items.includes('')) return undefined;
  const keys = items.map((item) => keyOf(parseAnswer(item), 'item'));
  if (tuple === null) keys.sort();
  return `${tuple?.[1] ?? '{'}${keys.join(';')}${tuple?.[3] ?? '}'}`;
}

function keyOf({ printed, number }: ParsedAnswer, where: 'answer' | 'item'): string {
  if (number !== undefined) return numberKey(number.value);
  const choice = where === 'answer' ? readChoice(printed) : undefined;
  if (choice !== undefined) return `@${choice.letter}`;
  const list = where === 'answer' ? listKey(printed) : undefined;
  if (list !== undefined) return list;
  return isFormula(printed) ? `=${printed.replaceAll(' ', '')}` : `"${printed.toLowerCase()}`;
}

/** A text that is the same for two answers exactly if they are the same answer; percent signs count for nothing. */
export function answerKey(text: string): string {
  return keyOf(parseAnswer(text), 'answer');
}

/**
 * Whether two answers are the same: numbers, fractions and percentages by exact value (no floating point), options by
 * their letter, tuples item by item, lists of solutions in any order, all else by normalised text (words without
 * regard to case). Units are not compared. A percentage equals both its number and its value, since data sets write
 * 50 % as 50, 0.5 or 1/2: so 50 % = 50 and 50 % = 0.5, though 50 ≠ 0.5.
 */
export function answersEqual(a: string, b: string): boolean {
  const [left, right] = [parseAnswer(a), parseAnswer(b)];
  if (keyOf(left, 'answer') === keyOf(right, 'answer')) return true;
  if (left.number === undefined || right.number === undefined || left.percent === right.percent) return false;
  const [share, number] = left.percent ? [left.number, right.number] : [right.number, left.number];
  return numberKey(multiply(share.value, rational(1n, 100n))) === numberKey(number.value);
}
