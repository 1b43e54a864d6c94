import { type Context, createContext, Script } from 'node:vm';
import { applyCuts, type Cut } from './cuts';
import type { Range } from './protected';

/** Milliseconds that a pattern may take on one text. */
const TIME_LIMIT = 500;
/** A pattern that finds more places than this in one text is no pattern for steps. */
const MATCH_LIMIT = 100_000;
export const PATTERN_LIMIT = 1000;

/** The pattern cannot be used: it is malformed, or it took too long. The message says which. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * Only a script run by `vm` can be stopped in the middle of a match, which is what a pattern such as `(a+)+$` needs. The
 * script is this constant: pattern and text reach it as strings and are never run as code.
 */
const SCRIPT = new Script(`
  (() => {
    const found = [];
    const regex = new RegExp(pattern, 'gmu');
    for (let match = regex.exec(text); match !== null && found.length < 2 * limit; match = regex.exec(text)) {
      found.push(match.index, match.index + match[0].length);
      if (match[0] === '') regex.lastIndex += 1;
    }
    return found.join();
  })()
`);

/**
 * Checks a pattern as a person wrote it.
 * @throws {PatternError} it is too long or no regular expression
 */
export function checkPattern(pattern: string): void {
  if (pattern === '') throw new PatternError('the step pattern is empty');
  if (pattern.length > PATTERN_LIMIT)
    throw new PatternError(`the step pattern is longer than ${PATTERN_LIMIT} characters`);
  try {
    new RegExp(pattern, 'gmu');
  } catch (error) {
    throw new PatternError(
      `the step pattern is no regular expression: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/**
 * Cuts at each match of a regular expression (flags `gmu`). What it matches separates steps and belongs to none; a
 * look-ahead, `(?=Step \d)`, keeps the text.
 * @throws {PatternError} the pattern is malformed or runs into the time limit
 */
export function splitAtPattern(text: string, pattern: string): Range[] {
  checkPattern(pattern);
  const found = run(pattern, text);
  const offsets = found === '' ? [] : found.split(',').map(Number);
  const cuts: Cut[] = [];
  for (let i = 0; i + 1 < offsets.length; i += 2)
    cuts.push({ start: offsets[i] ?? 0, end: offsets[i + 1] ?? 0 });
  return applyCuts(text, cuts);
}

/** What the script sees. One context serves all texts: making one takes longer than most matches. */
const sandbox = Object.assign(Object.create(null), { pattern: '', text: '', limit: MATCH_LIMIT });
let context: Context | undefined;

function run(pattern: string, text: string): string {
  context ??= createContext(sandbox);
  sandbox.pattern = pattern;
  sandbox.text = text;
  try {
    return String(SCRIPT.runInContext(context, { timeout: TIME_LIMIT }));
  } catch (error) {
    throw new PatternError(
      isTimeout(error) ? `the step pattern takes longer than ${TIME_LIMIT} ms on one text` : String(error),
    );
  } finally {
    sandbox.text = '';
  }
}

/** Told by its code: the error may come from another realm, where it is no instance of this one's Error. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
