import type { JsonObject } from '../json';
import { Excerpt, type PlacedText, trimmed } from '../placed';
import { splitAtLines } from '../splitting';
import type { ReadContext, ReadResult, TraceFormat } from './format';
import { identity } from './normalised';
import { detectObjects, siblingNegatives } from './support';

/** What the line that states the answer begins with: `#### 18`, in the model solutions `A: 18`. */
const ANSWER_MARKS = ['####', 'A:'] as const;

/**
 * GSM8K (Cobbe et al. 2021; openai/grade-school-math): `question` and `answer`, one step a line and `#### ` with the
 * answer at the end. Or the example model solutions: `question`, `ground_truth`, and for each model an object of
 * `solution` and `is_correct`; there each wrong solution's answer is a wrong answer for the others.
 */
export const gsm8k: TraceFormat = {
  id: 'gsm8k',
  label: 'GSM8K',
  documentation: 'openai/grade-school-math on GitHub; arXiv 2110.14168',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.9, 'objects with question and a solution that ends in "#### answer"', (record) =>
      Boolean(
        record.string('question') &&
          (/####/.test(record.string('answer')?.text ?? '') ||
            (record.string('ground_truth') && solutionsOf(record).length > 0)),
      ),
    ),
  *read({ node }, context): Iterable<ReadResult> {
    if (node?.kind !== 'object') yield { problem: 'an object with question and answer is expected' };
    else if (node.string('ground_truth')) yield* readModels(node, context);
    else yield readReference(node, context);
  },
};

function readReference(record: JsonObject, context: ReadContext): ReadResult {
  const question = record.string('question');
  const solution = record.string('answer');
  if (!question || !solution) return { problem: 'question and answer (strings) are expected' };
  const { body, answer } = takeAnswer(solution);
  return {
    question,
    steps: context.split(body, splitAtLines).map((text) => ({ text })),
    ...identity(record),
    ...(answer && { goldAnswer: answer, finalAnswer: answer.text, answerCorrect: true }),
  };
}

function* readModels(record: JsonObject, context: ReadContext): Iterable<ReadResult> {
  const question = record.string('question');
  const truth = record.string('ground_truth');
  const solutions = solutionsOf(record);
  if (!question || !truth || solutions.length === 0) {
    yield { problem: 'question, ground_truth and at least one object with a solution are expected' };
    return;
  }
  const gold = takeAnswer(truth).answer;
  const read = solutions.map((model) => ({ model, ...takeAnswer(model.string('solution') ?? truth) }));
  const negativesFor = siblingNegatives(
    read.map(({ model, answer }) => (model.boolean('is_correct') === false ? answer?.text : undefined)),
    gold?.text,
  );
  for (const { model, body, answer } of read) {
    const answerCorrect = model.boolean('is_correct');
    yield {
      question,
      steps: context.split(body, splitAtLines).map((text) => ({ text })),
      negatives: negativesFor(answer?.text),
      ...(gold && { goldAnswer: gold }),
      ...(answer && { finalAnswer: answer.text }),
      ...(answerCorrect !== undefined && { answerCorrect }),
    };
  }
}

function solutionsOf(record: JsonObject): JsonObject[] {
  return record.values.filter(
    (value): value is JsonObject => value.kind === 'object' && value.string('solution') !== undefined,
  );
}

/** A solution without its answer line, and the answer. */
function takeAnswer(solution: PlacedText): { body: PlacedText; answer?: PlacedText } {
  const end = solution.text.trimEnd().length;
  const begin = solution.text.lastIndexOf('\n', end - 1) + 1;
  const line = solution.text.slice(begin, end).trimStart();
  const mark = ANSWER_MARKS.find((start) => line.startsWith(start));
  if (mark === undefined || line.length === mark.length) return { body: solution };
  return {
    body: trimmed(new Excerpt(solution, 0, begin)),
    answer: trimmed(new Excerpt(solution, end - line.length + mark.length, end)),
  };
}
