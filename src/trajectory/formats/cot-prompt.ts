import { Excerpt, type PlacedText, trimmed } from '../placed';
import type { Range } from '../splitting';
import type { ReadResult, TraceFormat } from './format';

/** `Thought 1:`, `Step 1:` at the beginning of a line. */
const MARK = /^[ \t]*(?:step|thought)[ \t]{0,4}(\d{1,6})[ \t]{0,2}[:.]/gim;

/**
 * Few-shot prompts for chain of thought, as in BIG-Bench Mistake: one worked example after another in one text, each a
 * question and then `Thought 1:`, `Thought 2:` ... (or `Step`) on lines of their own. A blank line ends an example. What
 * stands before the first question (the instruction) is left out.
 */
export const cotPrompt: TraceFormat = {
  id: 'cot-prompt',
  label: 'Chain-of-thought prompt',
  documentation: 'WHGTyen/BIG-Bench-Mistake on GitHub, generation_prompts',
  reads: 'text',
  detect(sample) {
    if (sample.shape !== 'text' || sample.text.includes('\0')) return undefined;
    const found = runsIn(sample.text).length;
    return found > 1
      ? { confidence: 0.9, reason: `text with ${found} worked examples in numbered thoughts` }
      : undefined;
  },
  *read({ source }, context): Iterable<ReadResult> {
    const runs = runsIn(source.text);
    if (runs.length === 0) yield { problem: 'numbered thoughts ("Thought 1:", "Step 1:") are expected' };
    // The first question stands behind the instruction: it has as many paragraphs as the others.
    const paragraphs = Math.max(
      1,
      ...runs.slice(1).map((run) => paragraphsOf(questionOf(source, run)).length),
    );
    for (const [index, run] of runs.entries()) {
      const question = questionOf(source, run);
      const steps = context.split(new Excerpt(source, run.start, run.end));
      yield {
        question: withoutLabel(index === 0 ? lastParagraphs(question, paragraphs) : question),
        steps: steps.map((text) => ({ text })),
      };
    }
  },
};

/** The steps of one example; `from` is where its question may begin. */
interface Run extends Range {
  readonly from: number;
}

function runsIn(text: string): Run[] {
  const marks = [...text.matchAll(MARK)].map((match) => ({ at: match.index, number: Number(match[1]) }));
  const runs: Run[] = [];
  let from = 0;
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1];
    const begins = index === 0 || mark.number <= (marks[index - 1]?.number ?? 0);
    if (begins) runs.push({ from, start: mark.at, end: text.length });
    if (!next || next.number <= mark.number) {
      // The last step of an example ends with its paragraph, unless nothing follows.
      const blank = next ? text.slice(mark.at, next.at).search(/\n[ \t\r]*\n/) : -1;
      const end = next ? (blank < 0 ? next.at : mark.at + blank) : text.length;
      const run = runs.pop();
      if (run) runs.push({ ...run, end });
      from = end;
    }
  }
  return runs;
}

function questionOf(source: PlacedText, run: Run): PlacedText {
  return trimmed(new Excerpt(source, run.from, run.start));
}

function paragraphsOf(placed: PlacedText): Range[] {
  const ranges: Range[] = [];
  for (const match of placed.text.matchAll(/\S[^\n]*(?:\n[^\n]*\S[^\n]*)*/g)) {
    ranges.push({ start: match.index, end: match.index + match[0].length });
  }
  return ranges;
}

function lastParagraphs(placed: PlacedText, count: number): PlacedText {
  const start = paragraphsOf(placed).at(-count)?.start ?? 0;
  return trimmed(new Excerpt(placed, start, placed.text.length));
}

function withoutLabel(question: PlacedText): PlacedText {
  const label = /^(?:q|question|problem)[ \t]*:[ \t]*/i.exec(question.text)?.[0].length ?? 0;
  return label === 0 ? question : new Excerpt(question, label, question.text.length);
}
