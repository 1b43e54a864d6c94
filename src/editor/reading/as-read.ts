import { traceKey } from '../../labels/keys';
import type { Trajectory } from '../../trajectory/trajectory';
import { compareAnswers } from '../outcome';
import { contentKey } from './content-key';
import type { ReadTrace } from './protocol';

/** A trajectory with all that is worth computing once, in the reading thread and not in the extension host. */
export function asRead(trajectory: Trajectory, siblings: readonly string[]): ReadTrace {
  const { answerCorrect, finalAnswer, goldAnswer } = trajectory;
  return {
    trajectory,
    siblings,
    contentKey: contentKey(trajectory, siblings),
    traceKey: traceKey(trajectory),
    outcome:
      answerCorrect === undefined
        ? compareAnswers(finalAnswer, goldAnswer?.text)
        : answerCorrect
          ? 'right'
          : 'wrong',
  };
}
