import { answersEqual } from '../trajectory/answers';
import type { Outcome } from './reading/protocol';

/** An answer compared with gold by value; unknown where either is missing. */
export function compareAnswers(answer: string | undefined, gold: string | undefined): Outcome {
  if (gold === undefined || answer === undefined) return 'unknown';
  return answersEqual(answer, gold) ? 'right' : 'wrong';
}
