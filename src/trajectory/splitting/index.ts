import { Excerpt, type PlacedText } from '../placed';
import { splitAtBlankLines, splitAtLines } from './natural';
import { countNumbers, splitAtNumbers } from './numbered';
import { checkPattern, PatternError, splitAtPattern } from './pattern';
import type { Range } from './protected';
import { splitAtSentences } from './sentences';

/**
 * How texts are cut into steps:
 * - `given`: the steps of the file; where it gives one text only, its numbered steps, else paragraphs, lines, sentences.
 * - `numbered`: before `Step 1:`, `Thought 1:`, `1.`; `blank-line`: paragraphs; `sentence`: sentences.
 * - a pattern: a regular expression for what stands between two steps.
 */
export type Splitting = 'given' | 'numbered' | 'blank-line' | 'sentence' | { readonly pattern: string };

/** The choices that need no pattern, as settings and command line name them. */
export const SPLITTINGS = ['given', 'numbered', 'blank-line', 'sentence'] as const;

const PATTERN = 'pattern:';

/**
 * A splitting as settings and command line say it: `given`, `numbered`, `blank-line`, `sentence`, or `pattern:` and a regular
 * expression.
 * @throws {PatternError} it is none of these
 */
export function parseSplitting(text: string): Splitting {
  const named = SPLITTINGS.find((name) => name === text);
  if (named) return named;
  if (!text.startsWith(PATTERN)) {
    throw new PatternError(
      `there is no splitting "${text}"; it is ${SPLITTINGS.join(', ')} or pattern:<regex>`,
    );
  }
  const pattern = text.slice(PATTERN.length);
  checkPattern(pattern);
  return { pattern };
}

export { splitAtLines } from './natural';
export { checkPattern, PATTERN_LIMIT, PatternError } from './pattern';
export type { Range } from './protected';

/**
 * Cuts a text into steps. The pieces are in order, never overlap, hold no white space at their ends, and no code block,
 * displayed formula, LaTeX environment or table is cut in two. A text without a place to cut is one step.
 * @throws {PatternError} a custom pattern is malformed or too slow
 */
export function splitSteps(text: string, splitting: Splitting): Range[] {
  switch (splitting) {
    case 'given':
      return splitNaturally(text);
    case 'numbered':
      return splitAtNumbers(text);
    case 'blank-line':
      return splitAtBlankLines(text);
    case 'sentence':
      return splitAtSentences(text);
    default:
      return splitAtPattern(text, splitting.pattern);
  }
}

/** As `splitSteps`, keeping the places in the file. `given`: what `given` means for this text. */
export function splitPlaced(placed: PlacedText, splitting: Splitting, given = splitNaturally): PlacedText[] {
  const ranges = splitting === 'given' ? given(placed.text) : splitSteps(placed.text, splitting);
  return ranges.map(({ start, end }) => new Excerpt(placed, start, end));
}

/** Free text as its writer has laid it out: numbered steps, else paragraphs, else lines, else sentences. */
export function splitNaturally(text: string): Range[] {
  if (countNumbers(text) > 1) return splitAtNumbers(text);
  const paragraphs = splitAtBlankLines(text);
  if (paragraphs.length > 1) return paragraphs;
  const lines = splitAtLines(text);
  return lines.length > 1 ? lines : splitAtSentences(text);
}
