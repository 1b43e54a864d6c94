import { Excerpt, type PlacedText, trimmed } from '../placed';
import { hasThinkTags, thinkSegments } from './chat/think';
import type { Detection, FormatSample, ReadContext, ReadResult, TraceFormat } from './format';
import { NO_QUESTION } from './support';
import { labelledSections, type Sections } from './text-sections';

const STEP_LINE = /^[ \t]*[#>*_\- ]{0,8}(?:step|thought)[ \t]{0,4}#?\d{1,6}\b/gim;
const THINK_START = /<(?:think|thinking|thought|reasoning)>|<\|begin_of_thought\|>/i;

/**
 * Plain text and Markdown. Lines or headings `Question:` (or Problem, Q), `Solution:` and `Answer:` (the right answer) part
 * it; a file may hold several traces, each with its question. Without labels, what stands before `Step 1:` or `<think>` is
 * the question, and so is a first paragraph that ends in a question mark. Steps are `Step k:` lines, else paragraphs.
 */
export const text: TraceFormat = {
  id: 'text',
  label: 'Text or Markdown',
  documentation: 'docs/formats.md: Question, Step k, Answer',
  reads: 'text',
  detect: (sample) => (sample.shape === 'text' ? detectText(sample) : undefined),
  *read({ source }, context): Iterable<ReadResult> {
    const sections = labelledSections(source.text);
    if (sections.some((found) => found.solution.length > 0))
      for (const found of sections) yield readSections(source, found, context);
    else yield readUnlabelled(source, context);
  },
};

function detectText({ text: sample }: FormatSample): Detection | undefined {
  if (sample.trim() === '' || sample.includes('\0')) return undefined;
  const steps = [...sample.matchAll(STEP_LINE)].length;
  const labelled = labelledSections(sample).some((found) => found.question && found.solution.length > 0);
  if (steps > 1) return { confidence: labelled ? 0.85 : 0.8, reason: `text with ${steps} numbered steps` };
  if (hasThinkTags(sample)) return { confidence: 0.8, reason: 'text with a <think> block' };
  if (labelled) return { confidence: 0.75, reason: 'text with a question and a solution' };
  return { confidence: 0.3, reason: 'text, its paragraphs taken as steps' };
}

function readSections(source: PlacedText, found: Sections, context: ReadContext): ReadResult {
  const pieces = found.solution.map(({ start, end }) => new Excerpt(source, start, end));
  const gold = found.answer && trimmed(new Excerpt(source, found.answer.start, found.answer.end));
  return {
    question: found.question
      ? trimmed(new Excerpt(source, found.question.start, found.question.end))
      : NO_QUESTION,
    steps: pieces
      .flatMap(thinkSegments)
      .flatMap((piece) => context.split(piece))
      .map((step) => ({ text: step })),
    ...(gold && { goldAnswer: gold }),
  };
}

function readUnlabelled(source: PlacedText, context: ReadContext): ReadResult {
  const end = questionEnd(source.text);
  const solution = new Excerpt(source, end, source.text.length);
  return {
    question: trimmed(new Excerpt(source, 0, end)),
    steps: thinkSegments(solution)
      .flatMap((piece) => context.split(piece))
      .map((step) => ({ text: step })),
  };
}

/** Where an unlabelled question ends; 0 where there is none. */
function questionEnd(whole: string): number {
  const think = whole.search(THINK_START);
  if (think >= 0) return think;
  if (hasThinkTags(whole)) return 0;
  const step = whole.search(new RegExp(STEP_LINE, 'im'));
  if (step >= 0) return step;
  const begin = whole.search(/\S/);
  const length = whole.slice(Math.max(0, begin)).search(/\n[ \t\r]*\n/);
  const end = begin < 0 || length < 0 ? 0 : begin + length;
  return whole.slice(0, end).trimEnd().endsWith('?') ? end : 0;
}
