import type { ReadResult, TraceFormat } from './format';
import { detectObjects, firstText, stringsOf } from './support';

const TASKS =
  /(dyck_languages|logical_deduction|multistep_arithmetic|tracking_shuffled_objects|word_sorting)/;

/**
 * BIG-Bench Mistake (Tyen et al. 2024; WHGTyen/BIG-Bench-Mistake): `input`, `steps`, `target` (the right answer), `answer`
 * (the trace's own), `mistake_index` (from 0, null for none). The task is the file's name.
 */
export const bigBenchMistake: TraceFormat = {
  id: 'big-bench-mistake',
  label: 'BIG-Bench Mistake',
  documentation: 'WHGTyen/BIG-Bench-Mistake on GitHub; arXiv 2311.08516',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.97, 'objects with input, steps and mistake_index', (record) =>
      Boolean(record.string('input') && record.array('steps') && record.has('mistake_index')),
    ),
  *read({ node }, { name }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const question = record?.string('input');
    const steps = record && stringsOf(record, 'steps');
    if (!record || !question || !steps) {
      yield { problem: 'input (a string) and steps (a list of strings) are expected' };
      return;
    }
    const gold = firstText(record, 'target');
    const final = firstText(record, 'answer');
    const mistake = record.get('mistake_index');
    const task = TASKS.exec(name)?.[1];
    yield {
      question,
      steps: steps.map((text) => ({ text })),
      ...(gold && { goldAnswer: gold }),
      ...(final && { finalAnswer: final.text }),
      ...(mistake?.kind === 'null' && { firstError: -1 }),
      ...(mistake?.kind === 'number' && Number.isInteger(mistake.value) && { firstError: mistake.value }),
      ...(task !== undefined && { task }),
    };
  },
};
