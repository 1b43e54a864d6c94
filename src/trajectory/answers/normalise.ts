import { compactFormula, isFormula, tidyLatex, unwrap } from './latex';
import { type ReadNumber, readNumber } from './number';
import { readUnit } from './units';

/** An answer taken apart. */
export interface ParsedAnswer {
  /** The form in which it is shown to the model. */
  readonly printed: string;
  /** The number it is, if it is one. */
  readonly number?: Omit<ReadNumber, 'rest' | 'printed'>;
  /** Written with a percent sign, which `printed` leaves out like any other unit. */
  readonly percent: boolean;
}

/** Longer texts are no answers; only their white space is collapsed, so that no text costs more than linear time. */
const LONGEST_PARSED = 1000;

const QUALIFIER =
  /^(?:approximately|about|around|roughly|exactly|only|just|\\approx|≈|~)\s{0,2}(?=[\\$€£\d.(+-])/iu;
/** "x =", "f(x) =", "\theta =": a name for the answer. */
const NAMED = /^(?:[A-Za-z]|\\[a-z]{2,8}|[A-Za-z]\([a-z]\)|[A-Za-z]{2}|[A-Za-z]_\{?\w\}?) ?= ?(?=[^=])/u;
/** Plain arithmetic with its result: "150 \div 3 = 50". */
const WORKED = /^(?:[\d\s.,+*/()^$%-]|\\(?:div|times|cdot|frac|\$|%)|[÷×·{}])+=/u;
/** A unit in words behind a formula: "49\pi \text{ cm}^2". */
const UNIT_BEHIND =
  /^(.{1,500}[\d})\]ieπ]|.{0,500}\\(?:pi|infty)) ?\\(?:text|mathrm|textrm|mbox)\s?\{( ?[^{}]{1,60})\}(?:\^\{?[23]\}?)?$/u;

function withoutName(text: string): string {
  if (text.indexOf('=') !== text.lastIndexOf('=')) {
    const last = text.lastIndexOf('=');
    return WORKED.test(text.slice(0, last + 1)) ? text.slice(last + 1).trim() : text;
  }
  const name = (NAMED.exec(text) ?? WORKED.exec(text))?.[0];
  return name === undefined ? text : text.slice(name.length).trim();
}

function withoutUnitBehind(text: string): string {
  const match = UNIT_BEHIND.exec(text);
  const unit = match?.[2]?.trim();
  return match?.[1] !== undefined && unit !== undefined && readUnit(` ${unit}`) === 'unit' ? match[1] : text;
}

function parseOnce(text: string): ParsedAnswer {
  const bare = withoutUnitBehind(unwrap(text));
  const tidy = withoutName(unwrap(tidyLatex(bare)).replace(QUALIFIER, ''));
  const number = readNumber(tidy);
  const unit = number === undefined ? undefined : readUnit(number.rest);
  if (number !== undefined && unit !== undefined) {
    const { value, form, printed } = number;
    return { printed, number: { value, form }, percent: unit === 'percent' };
  }
  return {
    printed: isFormula(tidy) ? compactFormula(tidy) : tidy.replace(/^(.{1,500}[\d})])°$/u, '$1'),
    percent: false,
  };
}

/** Takes an answer apart into the form it is printed in and the exact number it stands for. */
export function parseAnswer(text: string): ParsedAnswer {
  if (text.length > LONGEST_PARSED) return { printed: text.replace(/\s+/gu, ' ').trim(), percent: false };
  let parsed = parseOnce(text);
  let percent = parsed.percent;
  for (let round = 0; round < 8; round++) {
    const again = parseOnce(parsed.printed);
    const settled = again.printed === parsed.printed;
    parsed = again;
    percent ||= again.percent;
    if (settled) break;
  }
  return { ...parsed, percent };
}

/**
 * The printed form that the gold answer and every negative share, so that the contrast between them measures their
 * values and not their spelling: no delimiters, boxes, currency, thousands separators, percent signs or units; a
 * fraction of whole numbers as a/b; formulas without spaces; words as they are.
 */
export function normaliseAnswer(text: string): string {
  return parseAnswer(text).printed;
}
