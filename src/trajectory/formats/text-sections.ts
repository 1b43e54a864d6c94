import type { Range } from '../splitting';

/** What a labelled part of a text is: the question, the solution, the right answer. */
type Part = 'question' | 'solution' | 'answer';

/** One trace in a text, by its parts. */
export interface Sections {
  question?: Range;
  /** The stretches that hold the reasoning. */
  readonly solution: Range[];
  answer?: Range;
}

const WORDS: Readonly<Record<string, Part>> = {
  question: 'question',
  problem: 'question',
  q: 'question',
  prompt: 'question',
  task: 'question',
  user: 'question',
  human: 'question',
  solution: 'solution',
  reasoning: 'solution',
  response: 'solution',
  steps: 'solution',
  assistant: 'solution',
  'chain of thought': 'solution',
  a: 'answer',
  answer: 'answer',
  'gold answer': 'answer',
  'correct answer': 'answer',
  'right answer': 'answer',
  'reference answer': 'answer',
  'expected answer': 'answer',
  'ground truth': 'answer',
};

/** `Question:`, `**Answer:** 5`, `## Solution`, `Problem 3:` at the beginning of a line; a heading may do without a colon. */
const LABEL =
  /^[ \t>]{0,8}(#{1,6}[ \t]{1,4}|\*\*|__)?([a-z]+(?: [a-z]+){0,2}?)(?:[ \t]{0,2}#?\d{1,6})?(?:\*\*|__)?[ \t]{0,2}(:|\r?$)(?:\*\*|__)?[ \t]*/gim;

/** A line that begins a numbered step. */
const STEP = /^[ \t]*[#>*_\- ]{0,8}(?:step|thought)[ \t]{0,4}#?\d{1,6}\b/im;

/**
 * Finds the labelled parts of a text. Each question begins a trace. What follows a question's label
 * is question up to the next label or the first numbered step. Empty where nothing is labelled.
 */
export function labelledSections(text: string): Sections[] {
  const labels = labelsIn(text);
  const found: Sections[] = [];
  let current: Sections = { solution: [] };
  const add = (part: Part, start: number, end: number): void => {
    if (text.slice(start, end).trim() === '') return;
    if (part === 'question') {
      if (current.question) {
        found.push(current);
        current = { solution: [] };
      }
      current.question = { start, end };
    } else if (part === 'answer' && !isReasoning(text.slice(start, end), current))
      current.answer = { start, end };
    else current.solution.push({ start, end });
  };
  for (const [index, label] of labels.entries()) {
    const end = labels[index + 1]?.start ?? text.length;
    const step = label.part === 'solution' ? -1 : text.slice(label.end, end).search(STEP);
    const middle = step < 0 ? end : label.end + step;
    add(label.part, label.end, middle);
    add('solution', middle, end);
  }
  found.push(current);
  for (const sections of found) takeParagraphs(text, sections);
  return found.filter((sections) => sections.question || sections.answer || sections.solution.length > 0);
}

/**
 * A question without a labelled solution is its first paragraph; the paragraphs behind it are the solution. Where there
 * are none, the answer is all that was said.
 */
function takeParagraphs(text: string, sections: Sections): void {
  const { question, solution, answer } = sections;
  if (solution.length > 0) return;
  if (question) takeBehindQuestion(text, sections, question);
  if (solution.length > 0 || !answer) return;
  solution.push(answer);
  delete sections.answer;
}

function takeBehindQuestion(text: string, sections: Sections, question: Range): void {
  const begin = question.start + Math.max(0, text.slice(question.start, question.end).search(/\S/));
  const blank = text.slice(begin, question.end).search(/\n[ \t\r]*\n/);
  if (blank < 0 || text.slice(begin + blank, question.end).trim() === '') return;
  sections.question = { start: question.start, end: begin + blank };
  sections.solution.push({ start: begin + blank, end: question.end });
}

/** What stands behind "Answer:" is the solution where it is longer than an answer and nothing else is the solution. */
function isReasoning(text: string, sections: Sections): boolean {
  return sections.solution.length === 0 && (text.trim().includes('\n') || text.trim().length > 100);
}

function labelsIn(text: string): { part: Part; start: number; end: number }[] {
  const labels: { part: Part; start: number; end: number }[] = [];
  for (const match of text.matchAll(LABEL)) {
    const [whole, , word = '', colon] = match;
    const key = word.toLowerCase();
    const part = Object.hasOwn(WORDS, key) ? WORDS[key] : undefined;
    // A single letter needs its colon: "A" on a line of its own is an answer, not a label.
    if (part && (colon === ':' || key.length > 1)) {
      labels.push({ part, start: match.index, end: match.index + whole.length });
    }
  }
  return labels;
}
