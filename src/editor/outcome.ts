import { answersEqual } from '../trajectory/answers';
import type { Trace } from './document/trace';
import type { Outcome } from './present';
import { goldOf } from './scoring/scorable';

/**
 * Whether a trace arrives at the right answer: what the file says, unless a person gave another gold answer; else its
 * final answer compared by value with gold.
 */
export function outcomeOf(trace: Trace): Outcome {
  const { answerCorrect, finalAnswer } = trace.trajectory;
  if (answerCorrect !== undefined && trace.givenGold === undefined) return answerCorrect ? 'right' : 'wrong';
  const gold = goldOf(trace);
  if (gold === undefined || finalAnswer === undefined) return 'unknown';
  return answersEqual(finalAnswer, gold) ? 'right' : 'wrong';
}
