import type { JsonObject } from '../json';
import type { StepLabel } from '../trajectory';
import type { ReadResult, TraceFormat } from './format';
import { detectObjects, firstText, labelled, stringsOf } from './support';

/**
 * PRMBench (Song et al. 2025; ssmisya/PRMBench): `original_process`, a right solution, and `modified_process`, the same
 * with an error put in at `error_steps` (from 1); `original_question`, `modified_question`, `classification` (the kind of
 * error), `idx`. Both solutions are traces; only of the modified one does the file say which steps are wrong.
 */
export const prmbench: TraceFormat = {
  id: 'prmbench',
  label: 'PRMBench',
  documentation: 'ssmisya/PRMBench on GitHub; arXiv 2501.03124',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.98, 'objects with modified_process and error_steps', (record) =>
      Boolean(record.array('modified_process') && record.array('error_steps')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const modified = record && stringsOf(record, 'modified_process');
    const question = record && firstText(record, 'modified_question', 'question', 'original_question');
    if (!record || !modified || !question) {
      yield { problem: 'a question and modified_process (a list of strings) are expected' };
      return;
    }
    const id = firstText(record, 'idx', 'id')?.text;
    const task = firstText(record, 'classification')?.text;
    yield {
      question,
      steps: labelled(modified, errorLabels(record, modified.length)),
      ...(id !== undefined && { id }),
      ...(task !== undefined && { task }),
    };
    const original = stringsOf(record, 'original_process');
    if (!original) return;
    yield {
      question: firstText(record, 'original_question', 'question') ?? question,
      steps: original.map((text) => ({ text })),
      ...(id !== undefined && { id: `${id}/original` }),
      task: 'original',
    };
  },
};

function errorLabels(record: JsonObject, count: number): StepLabel[] {
  const wrong = new Set<number>();
  for (const item of record.array('error_steps')?.items ?? [])
    if (item.kind === 'number') wrong.add(item.value);
  return Array.from({ length: count }, (_, index) => (wrong.has(index + 1) ? 'incorrect' : 'correct'));
}
