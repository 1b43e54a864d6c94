import type { ReadResult, TraceFormat } from './format';
import { identity } from './normalised';
import { binaryLabels, detectObjects, firstText, labelled, stringsOf } from './support';

/**
 * TRL's stepwise supervision: `prompt`, `completions` (one string a step), `labels` (one boolean a step). A gold answer is
 * no part of it; `answer`, where a file adds it, is read.
 */
export const trl: TraceFormat = {
  id: 'trl',
  label: 'TRL stepwise supervision',
  documentation: 'TRL documentation, "Dataset formats and types", stepwise supervision',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.9, 'objects with prompt, completions and labels', (record) =>
      Boolean(record.string('prompt') && stringsOf(record, 'completions') && record.array('labels')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const question = record?.string('prompt');
    const steps = record && stringsOf(record, 'completions');
    if (!record || !question || !steps) {
      yield { problem: 'prompt (a string) and completions (a list of strings) are expected' };
      return;
    }
    const gold = firstText(record, 'answer', 'gold_answer', 'ground_truth');
    yield {
      question,
      steps: labelled(steps, binaryLabels(record.array('labels'))),
      ...identity(record),
      ...(gold && { goldAnswer: gold }),
    };
  },
};
