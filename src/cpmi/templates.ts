import type { Text } from '../likelihood/likelihood-model';

/**
 * Paraphrases of the prompt that stands before the question: a solver's role and the demand for one final line with the
 * answer. Averaging over them keeps a reward from hanging on one wording (the paper's prompt diversification).
 */
const INSTRUCTIONS: readonly string[] = [
  'You are a careful problem solver. Work through the problem step by step and finish with a single line of the form "The answer is: <final answer>".',
  'Solve the following problem as an expert would. Reason one step at a time, then give the result on one last line: "The answer is: <final answer>".',
  'Act as a patient tutor who shows every step of the solution. The last line must read "The answer is: <final answer>".',
  'You solve problems by clear, checked reasoning. Explain each step, and state the outcome once, at the end, as "The answer is: <final answer>".',
];

/** Openings of the conclusion, of few tokens each: what varies where the question and the steps stand first. */
const CLOSINGS: readonly string[] = ['Conclusion:', 'Final result:', 'In short:', 'To sum up:'];

export const MAX_TEMPLATES = INSTRUCTIONS.length;

/** The target that every answer is printed into; its tokens are y in ℓ(a | c) = 1/|y| · Σ log p(y_j | c, y_<j). */
export const targetSentence = (answer: string): string => `The answer is: ${answer}`;

/** What a step is judged by, the right verdict first. They are printed into `verdictSentence` as answers are into theirs. */
export const VERDICTS = ['Yes', 'No'] as const;

/** The target of a verdict on the last step of the context. */
export const verdictSentence = (verdict: string): string => `Is the last step correct? ${verdict}`;

/** Template k (from 0) with the question: the context b_k that all steps are appended to. */
export function renderTemplate(k: number, question: string): Text {
  return { piece: `${numbered(INSTRUCTIONS, k)}\n\n${plainQuestion(question).piece}` };
}

/** The question without a template, for templates that follow the steps. */
export const plainQuestion = (question: string): Text => ({ piece: `Question: ${question.trim()}` });

/** Template k (from 0) of those that follow the steps. */
export const closeWith = (k: number, context: Text): Text => paragraph(context, numbered(CLOSINGS, k));

function numbered(templates: readonly string[], k: number): string {
  const template = templates[k];
  if (template === undefined)
    throw new RangeError(`there are ${MAX_TEMPLATES} templates, asked for number ${k + 1}`);
  return template;
}

/** A prompt as a user's message in the model's own chat template; what follows is said by the assistant. */
export function asMessage({ piece }: Text): Text {
  const message: Text = { before: { piece: '', frame: 'before' }, piece };
  return { before: message, piece: '', frame: 'after' };
}

/** Appends a paragraph: steps are joined with a blank line, but for one that begins the assistant's turn. */
export const paragraph = (before: Text, text: string): Text => ({
  before,
  piece: before.frame ? text : `\n\n${text}`,
});

/**
 * The blank line between the last step and the target sentence. Its line breaks are pieces of their own because a
 * byte-level tokeniser splits a blank line so when text follows it.
 */
export const beforeTarget = (context: Text): Text =>
  context.frame ? context : { before: { before: context, piece: '\n' }, piece: '\n' };
