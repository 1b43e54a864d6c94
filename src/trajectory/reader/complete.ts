import { readFinalAnswer } from '../answers';
import type { StepDraft, TraceDraft } from '../formats/format';
import { type PlacedText, sourceText } from '../placed';
import type { SourceText, Step, Trajectory } from '../trajectory';

/** What the reader knows of the record that a draft came from. */
export interface Origin {
  readonly id: string;
  readonly format: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Name of the archive's member that the record stands in. */
  readonly member?: string;
  /** Cuts a given step further; absent where given steps stay as they are. */
  readonly resplit?: (text: PlacedText) => PlacedText[];
}

/** Makes a trajectory of a draft; a sentence where nothing is left to score. */
export function completeTrajectory(draft: TraceDraft, origin: Origin): Trajectory | string {
  const given = draft.steps.flatMap((step) => resplit(step, origin));
  const kept = given.filter((step) => step.text.text.trim() !== '');
  if (kept.length === 0) return 'the record holds no reasoning step';
  const steps = kept.map(toStep);
  const last = steps.at(-1);
  const finalAnswer = draft.finalAnswer ?? (last ? readFinalAnswer(last.text) : undefined);
  // Steps that were cut further no longer count as the file counts them.
  const firstError = given.length === draft.steps.length ? firstErrorOf(draft, steps) : undefined;
  return {
    id: origin.id,
    format: origin.format,
    question: asSource(draft.question),
    steps,
    ...(draft.goldAnswer !== undefined && { goldAnswer: asSource(draft.goldAnswer) }),
    ...(finalAnswer !== undefined && { finalAnswer }),
    ...(draft.answerCorrect !== undefined && { answerCorrect: draft.answerCorrect }),
    negatives: draft.negatives ?? [],
    ...(firstError !== undefined && { firstError }),
    ...(draft.task !== undefined && { task: draft.task }),
    ...(origin.member !== undefined && { member: origin.member }),
    line: origin.line,
    span: { start: origin.start, end: origin.end, escapes: 0 },
  };
}

/** The file's own first error, counted in the steps that were kept; else told from the labels if every step has one. */
function firstErrorOf(draft: TraceDraft, steps: readonly Step[]): number | undefined {
  if (draft.firstError !== undefined) {
    const before = draft.steps.slice(0, Math.max(0, draft.firstError));
    const blank = before.filter((step) => step.text.text.trim() === '').length;
    return draft.firstError < 0 ? -1 : Math.min(draft.firstError - blank, steps.length - 1);
  }
  if (steps.some((step) => step.label === undefined)) return undefined;
  return steps.findIndex((step) => step.label === 'incorrect');
}

/** Cuts a given step further. Its label stays where it is sure: on an uncut step, and on all parts of a correct one. */
function resplit(step: StepDraft, origin: Origin): StepDraft[] {
  if (!origin.resplit || !isPlaced(step.text) || step.observation) return [step];
  const parts = origin.resplit(step.text);
  if (parts.length <= 1) return [step];
  return parts.map((text) => (step.label === 'correct' ? { text, label: step.label } : { text }));
}

function toStep(draft: StepDraft, index: number): Step {
  return {
    index,
    ...asSource(draft.text),
    ...(draft.observation && draft.observation.text !== '' && { observation: asSource(draft.observation) }),
    ...(draft.label && { label: draft.label }),
  };
}

function isPlaced(text: PlacedText | SourceText): text is PlacedText {
  return 'offsetInFile' in text;
}

function asSource(text: PlacedText | SourceText): SourceText {
  return isPlaced(text) ? sourceText(text) : text;
}
