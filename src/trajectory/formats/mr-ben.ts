import type { JsonObject } from '../json';
import { joinTexts } from '../placed';
import type { ReadResult, TraceFormat } from './format';
import { firstErrorFrom1 } from './mr-gsm8k';
import { detectObjects, firstText, stringsOf } from './support';

/**
 * Mr-Ben (Zeng et al. 2024; dvlab-research/Mr-Ben): `Question`, `Options`, `Ground_Truth_Answer` (corrected in
 * `Ground_Truth_Answer_Modified`), `Model_Solution_Steps`, `Model_Solution_Correctness`, `Model_Solution_First_Error_Step`
 * (from 1), `Question_UUID`, `Subject`, `Sampled_Model`. One object a solution, or one object from question ids to lists.
 */
export const mrBen: TraceFormat = {
  id: 'mr-ben',
  label: 'Mr-Ben',
  documentation: 'dvlab-research/Mr-Ben on GitHub; arXiv 2406.13975',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.98, 'objects with Question and Model_Solution_Steps', (record) =>
      solutionsOf(record).some((solution) => solution.has('Model_Solution_Steps')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const solutions = node?.kind === 'object' ? solutionsOf(node) : [];
    if (solutions.length === 0) yield { problem: 'Question and Model_Solution_Steps are expected' };
    for (const solution of solutions) yield readSolution(solution);
  },
};

/** The record itself, or the solutions in the lists that it maps question ids to. */
function solutionsOf(record: JsonObject): JsonObject[] {
  if (record.has('Model_Solution_Steps')) return [record];
  return record.values.flatMap((value) => (value.kind === 'array' ? value.objects() : []));
}

function readSolution(record: JsonObject): ReadResult {
  const question = record.string('Question');
  const options = record.string('Options');
  const steps = stringsOf(record, 'Model_Solution_Steps');
  if (!question || !steps) return { problem: 'a solution without Question or Model_Solution_Steps' };
  const uuid = firstText(record, 'Question_UUID');
  const model = firstText(record, 'Sampled_Model');
  const gold = firstText(record, 'Ground_Truth_Answer_Modified', 'Ground_Truth_Answer');
  const subject = firstText(record, 'Subject');
  return {
    question: options ? joinTexts([question, options], '\n') : question,
    steps: steps.map((text) => ({ text })),
    ...(uuid && { id: model ? `${uuid.text}/${model.text}` : uuid.text }),
    ...(subject && { task: subject.text }),
    ...(gold && { goldAnswer: gold }),
    ...firstErrorFrom1(record, 'Model_Solution_Correctness', 'Model_Solution_First_Error_Step'),
  };
}
