import type { ReadResult, TraceFormat } from './format';
import { identity } from './normalised';
import { binaryLabels, detectObjects, firstText, labelled, stringsOf } from './support';

/**
 * The label files of the CPMI authors (nakyungLee20/CPMI): `question`, `completion` (a list, one string a step),
 * `original_answer` or `gold_answer`, `correct_mask` (1 or 0 a step, where the source data set has labels), `task`, and
 * the rewards that they computed (`cpmi_marg`, `base_reward` and others), which are not read.
 */
export const cpmiLabels: TraceFormat = {
  id: 'cpmi-labels',
  label: 'CPMI label file',
  documentation: 'nakyungLee20/CPMI on GitHub, label generation; arXiv 2604.10660',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.95, 'objects with question, a list of completion steps and rewards', (record) =>
      Boolean(
        record.string('question') &&
          stringsOf(record, 'completion') &&
          (record.has('original_answer') || record.has('gold_answer') || record.has('correct_mask')),
      ),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const question = record?.string('question');
    const steps = record && stringsOf(record, 'completion');
    if (!record || !question || !steps) {
      yield { problem: 'question (a string) and completion (a list of strings) are expected' };
      return;
    }
    const gold = firstText(record, 'original_answer', 'gold_answer');
    yield {
      question,
      steps: labelled(steps, binaryLabels(record.array('correct_mask'))),
      ...identity(record),
      ...(gold && { goldAnswer: gold }),
    };
  },
};
