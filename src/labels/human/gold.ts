import type { Trajectory } from '../../trajectory/trajectory';
import { traceKey } from '../keys';
import type { HumanLabels } from './human-labels';

/**
 * A trace with the gold answer that a person has set for it, which goes before the file's own; one given for all traces
 * stands behind the file's.
 * @returns the trace, without the file's gold answer where it is replaced, and the answer to give beside it
 */
export function withHumanGold(
  trajectory: Trajectory,
  human: HumanLabels,
  answer: string | undefined,
): { readonly trajectory: Trajectory; readonly answer: string | undefined } {
  const set = human.gold.size === 0 ? undefined : human.gold.get(traceKey(trajectory));
  if (set === undefined) return { trajectory, answer };
  const { goldAnswer: _, ...rest } = trajectory;
  return { trajectory: rest, answer: set };
}
