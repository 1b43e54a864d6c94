import type { JsonObject } from '../json';
import type { Negative, NegativeOrigin } from '../trajectory';
import type { ReadResult, TraceDraft, TraceFormat } from './format';
import { binaryLabels, detectObjects, firstText, labelled, stringsOf } from './support';

const ORIGINS: readonly string[] = ['sibling', 'option', 'intermediate', 'perturbation', 'sampled'];

/** What a file's `negatives_kind` says of the wrong answers. Recorded with a trace, they are those of other solutions. */
const KINDS: Readonly<Record<string, NegativeOrigin>> = { options: 'option', other_solutions: 'sibling' };

/**
 * One trace an object: `question`, `steps` (strings), and as far as known `answer` (the right one), `negatives` (wrong
 * answers: strings, or objects of `text` and `origin`), `first_error` (index from 0, -1 for none), `labels` (one a step),
 * `id`, `task`, `final_answer`, `answer_correct`, `negatives_kind` (`options` or `other_solutions`).
 */
export const normalised: TraceFormat = {
  id: 'normalised',
  label: 'Steplens JSON lines',
  documentation: 'docs/formats.md: question, steps, answer, negatives, first_error, id',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.85, 'objects with question and steps', (record) =>
      Boolean(record.string('question') && stringsOf(record, 'steps')),
    ),
  *read({ node }): Iterable<ReadResult> {
    if (node?.kind !== 'object') yield { problem: 'an object with question and steps is expected' };
    else yield readObject(node);
  },
};

function readObject(record: JsonObject): ReadResult {
  const question = record.string('question');
  const steps = stringsOf(record, 'steps');
  if (!question || !steps)
    return { problem: 'question (a string) and steps (a list of strings) are expected' };
  const gold = firstText(record, 'answer');
  const final = firstText(record, 'final_answer');
  const answerCorrect = record.boolean('answer_correct');
  const firstError = record.number('first_error');
  return {
    question,
    steps: labelled(steps, binaryLabels(record.array('labels'))),
    negatives: readNegatives(record),
    ...identity(record),
    ...(gold && { goldAnswer: gold }),
    ...(final && { finalAnswer: final.text }),
    ...(answerCorrect !== undefined && { answerCorrect }),
    ...(firstError !== undefined && Number.isInteger(firstError) && { firstError }),
  };
}

/** `id` and `task`, where the record has them. */
export function identity(record: JsonObject): Pick<TraceDraft, 'id' | 'task'> {
  const id = firstText(record, 'id');
  const task = firstText(record, 'task');
  return { ...(id && { id: id.text }), ...(task && { task: task.text }) };
}

/** `negatives`: strings, numbers, or objects of `text` and `origin`. */
export function readNegatives(record: JsonObject): Negative[] {
  const kind = KINDS[record.string('negatives_kind')?.text ?? ''] ?? 'sibling';
  const negatives: Negative[] = [];
  for (const item of record.array('negatives')?.items ?? []) {
    if (item.kind === 'string' || item.kind === 'number') negatives.push({ text: item.text, origin: kind });
    else if (item.kind === 'object') {
      const text = item.scalar('text')?.text;
      const origin = item.string('origin')?.text ?? '';
      if (text !== undefined) negatives.push({ text, origin: isOrigin(origin) ? origin : kind });
    }
  }
  return negatives;
}

function isOrigin(text: string): text is NegativeOrigin {
  return ORIGINS.includes(text);
}
