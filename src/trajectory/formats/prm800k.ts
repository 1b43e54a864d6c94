import { readFinalAnswer } from '../answers';
import type { JsonArray, JsonObject } from '../json';
import type { StepLabel } from '../trajectory';
import type { ReadResult, StepDraft, TraceFormat } from './format';
import { detectObjects, firstText, negativesOf } from './support';

/**
 * PRM800K (Lightman et al. 2023; openai/prm800k): `question` (`problem`, `ground_truth_answer`) and `label.steps`, each with
 * `completions` (`text`, `rating` of 1, 0, -1), `chosen_completion` (an index) or `human_completion`. The trace is made of
 * what was chosen; a step at which the labeller stopped without a choice is the model's own first completion. Final
 * answers in what was not chosen are wrong answers to this question, unless they are the right one.
 */
export const prm800k: TraceFormat = {
  id: 'prm800k',
  label: 'PRM800K',
  documentation: 'openai/prm800k on GitHub; arXiv 2305.20050',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.97, 'objects with question.problem and label.steps', (record) =>
      Boolean(record.object('question')?.string('problem') && record.object('label')?.array('steps')),
    ),
  *read({ node }): Iterable<ReadResult> {
    const question = node?.kind === 'object' ? node.object('question') : undefined;
    const problem = question?.string('problem');
    const steps = node?.kind === 'object' ? node.object('label')?.array('steps') : undefined;
    if (!question || !problem || !steps) yield { problem: 'question.problem and label.steps are expected' };
    else yield readLabels(question, steps);
  },
};

function readLabels(question: JsonObject, list: JsonArray): ReadResult {
  const steps: StepDraft[] = [];
  const others: (string | undefined)[] = [question.scalar('pre_generated_answer')?.text];
  for (const step of list.objects()) {
    const completions = step.array('completions')?.objects() ?? [];
    const chosen = chosenOf(step, completions);
    for (const other of completions) if (other !== chosen) others.push(wrongAnswer(other));
    const text = chosen?.string('text');
    const label = ratingLabel(chosen?.number('rating'));
    if (text) steps.push(label ? { text, label } : { text });
  }
  const gold = firstText(question, 'ground_truth_answer');
  return {
    question: question.string('problem') ?? { text: '', spans: [] },
    steps,
    ...(gold && { goldAnswer: gold }),
    // Without a gold answer nobody knows which of them are wrong.
    negatives: gold ? negativesOf(others, 'sibling', gold.text) : [],
  };
}

/** The answer of a completion that ends the solution under its "# Answer" heading and was not found right. */
function wrongAnswer(completion: JsonObject): string | undefined {
  const text = completion.string('text')?.text ?? '';
  return text.includes('# Answer') && completion.number('rating') !== 1 ? readFinalAnswer(text) : undefined;
}

function chosenOf(step: JsonObject, completions: readonly JsonObject[]): JsonObject | undefined {
  const index = step.number('chosen_completion');
  const chosen = index === undefined ? undefined : completions[index];
  return chosen ?? step.object('human_completion') ?? completions[0];
}

function ratingLabel(rating: number | undefined): StepLabel | undefined {
  if (rating === undefined) return undefined;
  return rating > 0 ? 'correct' : rating < 0 ? 'incorrect' : 'neutral';
}
