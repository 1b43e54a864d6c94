import { createHash } from 'node:crypto';
import type { Trajectory } from '../trajectory/trajectory';

/**
 * The identity of a trace by what is said in it: a hash of question and steps, 32 hexadecimal digits. Human labels are
 * kept under it, so that they survive edits elsewhere in the file, reordering and a change of format.
 */
export function traceKey({ question, steps }: Pick<Trajectory, 'question' | 'steps'>): string {
  return digest([question.text, steps.map((step) => step.text)]).slice(0, 32);
}

/**
 * A hash of all that the rewards of a trace depend on beside settings and model, as a number of 52 bits: a journal entry
 * is taken up only for a trace that would be scored alike.
 * @param answer the gold answer given from outside
 */
export function scoringKey(
  trajectory: Trajectory,
  siblings: readonly string[],
  answer: string | undefined,
): number {
  const { id, question, steps, goldAnswer, finalAnswer, negatives, firstError, task } = trajectory;
  const content = [
    id,
    question.text,
    steps.map((step) => [step.text, step.observation?.text ?? null]),
    goldAnswer?.text ?? null,
    answer ?? null,
    finalAnswer ?? null,
    negatives.map((negative) => [negative.text, negative.origin]),
    siblings,
    firstError ?? null,
    task ?? null,
  ];
  return Number.parseInt(digest(content).slice(0, 13), 16);
}

const digest = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');
