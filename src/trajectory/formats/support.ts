import { answersEqual, readFinalAnswer } from '../answers';
import type { JsonArray, JsonObject, JsonString } from '../json';
import { Excerpt, type PlacedText, UnplacedText } from '../placed';
import type { Negative, NegativeOrigin, StepLabel } from '../trajectory';
import type { Detection, FormatSample, StepDraft } from './format';

/** An empty question: the record tells none. */
export const NO_QUESTION: PlacedText = new UnplacedText('');

/** Detection by the records' fields: `confidence` times the share of the sampled records that pass the test. */
export function detectObjects(
  sample: FormatSample,
  confidence: number,
  reason: string,
  test: (record: JsonObject) => boolean,
): Detection | undefined {
  const { records } = sample;
  const hits = records.filter((record) => record.kind === 'object' && test(record)).length;
  if (hits === 0) return undefined;
  const share = hits === records.length ? '' : ` (in ${hits} of the first ${records.length} records)`;
  return { confidence: (confidence * hits) / records.length, reason: reason + share };
}

/** An array of strings; undefined where it is none or holds anything else. */
export function stringsOf(record: JsonObject, key: string): JsonString[] | undefined {
  const array = record.array(key);
  return array && array.length > 0 ? array.strings() : undefined;
}

/** A label from what data sets write: true, 1, "+", ratings of 1, 0, -1 (0 is neutral only if the set has neutral). */
export function binaryLabel(value: boolean | number | string | undefined): StepLabel | undefined {
  if (value === true || value === '+') return 'correct';
  if (value === false || value === '-') return 'incorrect';
  if (typeof value === 'number' && !Number.isNaN(value)) return value >= 0.5 ? 'correct' : 'incorrect';
  return undefined;
}

/** The labels in an array of booleans, numbers or signs, by position. */
export function binaryLabels(array: JsonArray | undefined): (StepLabel | undefined)[] {
  return (array?.items ?? []).map((item) => {
    if (item.kind === 'boolean' || item.kind === 'number') return binaryLabel(item.value);
    return item.kind === 'string' ? binaryLabel(item.text) : undefined;
  });
}

/** Steps with their labels; a label that is not there is left out. */
export function labelled(
  texts: readonly PlacedText[],
  labels: readonly (StepLabel | undefined)[],
): StepDraft[] {
  return texts.map((text, index) => {
    const label = labels[index];
    return label ? { text, label } : { text };
  });
}

/** The first field that holds text (a string that is not blank, or a number). */
export function firstText(record: JsonObject, ...keys: string[]): PlacedText | undefined {
  for (const key of keys) {
    const value = record.scalar(key);
    if (value && value.text.trim() !== '') return value;
  }
  return undefined;
}

/** An answer read from a text, with its place where it stands there word for word. */
export function answerIn(placed: PlacedText): PlacedText | undefined {
  const answer = readFinalAnswer(placed.text);
  return answer === undefined ? undefined : place(placed, answer);
}

/** A text within another one: its last occurrence, else without a place. */
export function place(placed: PlacedText, text: string): PlacedText {
  const at = placed.text.lastIndexOf(text);
  return at < 0 ? new UnplacedText(text) : new Excerpt(placed, at, at + text.length);
}

/** More wrong answers than this are of no use: four are contrasted with. */
const MAX_NEGATIVES = 64;

/** Wrong answers: those that differ from gold and from each other, in the order given. */
export function negativesOf(
  answers: Iterable<string | undefined>,
  origin: NegativeOrigin,
  gold?: string,
): Negative[] {
  const negatives: Negative[] = [];
  for (const answer of answers) {
    const text = answer?.trim();
    if (!text || (gold !== undefined && answersEqual(text, gold))) continue;
    if (negatives.some((known) => known.text === text || answersEqual(known.text, text))) continue;
    negatives.push({ text, origin });
    if (negatives.length >= MAX_NEGATIVES) break;
  }
  return negatives;
}

/**
 * Wrong answers among the answers of several solutions to one question: for the solution with the answer `own`, those of
 * the others. None without a gold answer: nobody knows then which of them are wrong.
 */
export function siblingNegatives(
  answers: readonly (string | undefined)[],
  gold: string | undefined,
): (own: string | undefined) => Negative[] {
  if (gold === undefined) return () => [];
  const all = negativesOf(answers, 'sibling', gold);
  const counts = new Map<string, number>();
  for (const answer of answers) if (answer) counts.set(answer.trim(), (counts.get(answer.trim()) ?? 0) + 1);
  return (own) => all.filter(({ text }) => text !== own?.trim() || (counts.get(text) ?? 0) > 1);
}
