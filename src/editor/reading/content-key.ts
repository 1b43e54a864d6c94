import { createHash } from 'node:crypto';
import type { Trajectory } from '../../trajectory/trajectory';

/** Hash of all that a trace's rewards can depend on, beside settings and model: what is said, not where it stands. */
export function contentKey(trajectory: Trajectory, siblings: readonly string[]): string {
  const { question, steps, goldAnswer, finalAnswer, negatives } = trajectory;
  const content = [
    question.text,
    steps.map((step) => [step.text, step.observation?.text ?? null]),
    goldAnswer?.text ?? null,
    finalAnswer ?? null,
    negatives.map((negative) => [negative.text, negative.origin]),
    siblings,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
