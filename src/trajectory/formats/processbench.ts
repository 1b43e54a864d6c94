import type { ReadResult, TraceFormat } from './format';
import { detectObjects, firstText, stringsOf } from './support';

/**
 * ProcessBench (Zheng et al. 2024; Qwen/ProcessBench): `problem`, `steps`, `label` (index of the first wrong step, -1 for
 * none), `final_answer_correct`, `id` (`gsm8k-1`: the part of the benchmark and a number), `generator`. No gold answer.
 */
export const processbench: TraceFormat = {
  id: 'processbench',
  label: 'ProcessBench',
  documentation: 'Qwen/ProcessBench on Hugging Face; arXiv 2412.06559',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.95, 'objects with problem, steps and label', (record) =>
      Boolean(record.string('problem') && stringsOf(record, 'steps') && record.number('label') !== undefined),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const question = record?.string('problem');
    const steps = record && stringsOf(record, 'steps');
    if (!record || !question || !steps) {
      yield { problem: 'problem (a string) and steps (a list of strings) are expected' };
      return;
    }
    const id = firstText(record, 'id')?.text;
    const task = id === undefined ? undefined : /^([a-z0-9_]*[a-z_])-\d+$/i.exec(id)?.[1];
    const answerCorrect = record.boolean('final_answer_correct');
    const firstError = record.number('label');
    yield {
      question,
      steps: steps.map((text) => ({ text })),
      ...(id !== undefined && { id }),
      ...(task !== undefined && { task }),
      ...(answerCorrect !== undefined && { answerCorrect }),
      ...(firstError !== undefined && Number.isInteger(firstError) && { firstError }),
    };
  },
};
