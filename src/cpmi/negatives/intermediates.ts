import { readNumber } from '../../trajectory/answers';

/** The last so many different results are kept: a trace of ten thousand steps has enough of them. */
const MOST_RESULTS = 200;

/** How far behind an equals sign a number is looked for, in UTF-16 code units. */
const REACH = 80;

/** What may stand between an equals sign and its number: spaces, math and money signs, one bracket. */
const AHEAD = /^(?:\s|\\[([,;! ]|\*|\\\$|\\boxed\{|\\text(?:bf)?\{)*\(?/u;

/** What may stand between a number and the next sign: units, percent, closing brackets. */
const BEHIND = /^\)?(?:\\?%|°|\^\\circ)?\s?(?:\\text\{[^{}]{0,40}\}|[A-Za-z]{2,20}){0,3}\)?\s{0,3}/u;

/** A sign that shows the number to be an operand and no result: "= 14 + 3". */
const OPERAND =
  /^(?:[+*/×÷·^(_]|-\s?[\d(\\$]|\\(?:times|cdot|div|frac|sqrt|pm)(?![A-Za-z])|[A-Za-z](?![A-Za-z])|\\pi)/u;

/**
 * The numbers that a trace's steps arrive at: those right of an equals sign that no operator follows, in order,
 * GSM8K's <<16-3=13>> included. They are what a trace that goes wrong may take for its answer. A 0 is left out: it
 * mostly stands right of an equation to be solved.
 */
export function intermediateResults(steps: readonly string[]): string[] {
  const results = new Set<string>();
  for (const step of steps) {
    for (let at = step.indexOf('='); at >= 0; at = step.indexOf('=', at + 1)) {
      if ('<>!='.includes(step[at - 1] ?? ' ') || step[at + 1] === '=') continue;
      const behind = step
        .slice(at + 1, at + 1 + REACH)
        .replaceAll('−', '-')
        .replaceAll('{,}', ',');
      const words = behind.slice(AHEAD.exec(behind)?.[0].length ?? 0).replace(/\\[dt]frac/gu, '\\frac');
      const number = readNumber(words);
      if (number === undefined) continue;
      const rest = number.rest.slice(BEHIND.exec(number.rest)?.[0].length ?? 0);
      if (!OPERAND.test(rest) && number.value.num !== 0n) results.add(number.printed);
    }
  }
  return [...results].slice(-MOST_RESULTS);
}
