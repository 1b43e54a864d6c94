import type { JsonObject } from '../json';
import type { ReadResult, TraceFormat } from './format';
import { detectObjects, firstText, stringsOf } from './support';

/**
 * MR-GSM8K (Zeng et al. 2024; dvlab-research/MR-GSM8K): `question`, `ground_truth_answer`, `model_output_steps`,
 * `model_output_answer_correctness`, `model_output_solution_correctness`, `model_output_solution_first_error_step` (from 1,
 * `N/A` for none), `uuid`, `question_type`.
 */
export const mrGsm8k: TraceFormat = {
  id: 'mr-gsm8k',
  label: 'MR-GSM8K',
  documentation: 'dvlab-research/MR-GSM8K on GitHub; arXiv 2312.17080',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.98, 'objects with question and model_output_steps', (record) =>
      Boolean(record.string('question') && record.array('model_output_steps')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const record = node?.kind === 'object' ? node : undefined;
    const question = record?.string('question');
    const steps = record && stringsOf(record, 'model_output_steps');
    if (!record || !question || !steps) {
      yield { problem: 'question and model_output_steps (a list of strings) are expected' };
      return;
    }
    const id = firstText(record, 'uuid');
    const gold = firstText(record, 'ground_truth_answer');
    const task = firstText(record, 'question_type');
    yield {
      question,
      steps: steps.map((text) => ({ text })),
      ...(id && { id: id.text }),
      ...(task && { task: task.text }),
      ...(gold && { goldAnswer: gold }),
      ...outcome(record, 'model_output_answer_correctness'),
      ...firstErrorFrom1(
        record,
        'model_output_solution_correctness',
        'model_output_solution_first_error_step',
      ),
    };
  },
};

function outcome(record: JsonObject, key: string): { answerCorrect?: boolean } {
  const word = record.string(key)?.text.toLowerCase();
  return word === undefined ? {} : { answerCorrect: word === 'correct' };
}

/** The first error where the file counts steps from 1 and says beside it whether the solution is right. */
export function firstErrorFrom1(record: JsonObject, verdict: string, step: string): { firstError?: number } {
  if (record.string(verdict)?.text.toLowerCase() === 'correct') return { firstError: -1 };
  const number = Number(record.scalar(step)?.text ?? Number.NaN);
  return Number.isInteger(number) && number >= 1 ? { firstError: number - 1 } : {};
}
