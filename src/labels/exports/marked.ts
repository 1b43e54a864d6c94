import type { StoredTrace } from '../stored';

/** The mark behind each step in Math-Shepherd's layout: one token that occurs in no English text. */
export const MARK = 'ки';

/**
 * Question and steps in one text as Math-Shepherd lays them out: the question, then `Step 1: ... ки`, a step a line. A step
 * that does not begin with its number gets it.
 * @param sign what stands behind a step: the mark, or the verdict in its place
 * @returns the text; a sentence where the mark stands in the trace itself
 */
export function layOut(
  { question, steps }: StoredTrace,
  sign: (step: number) => string,
): { readonly text: string } | { readonly problem: string } {
  if (question.includes(MARK)) return { problem: `the question holds the mark "${MARK}"` };
  const marked = steps.findIndex((step) => step.text.includes(MARK));
  if (marked >= 0) return { problem: `step ${marked + 1} holds the mark "${MARK}"` };
  return { text: `${question} ${steps.map(({ text }, i) => `${numbered(text, i)} ${sign(i)}`).join('\n')}` };
}

/** A step that begins with its number. */
export function numbered(text: string, index: number): string {
  const own = text.trim();
  return /^Step \d{1,6}\s?:/.test(own) ? own : `Step ${index + 1}: ${own}`;
}
