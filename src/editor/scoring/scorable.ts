import type { Surroundings } from '../../cpmi/score-trajectory';
import type { Trajectory } from '../../trajectory/trajectory';
import type { Trace } from '../document/trace';

/** What of a trace is scored: its trajectory with the gold answer that a person gave, and its siblings' answers. */
export function scorable(trace: Trace): {
  readonly trajectory: Trajectory;
  readonly surroundings: Surroundings;
} {
  const { trajectory, givenGold, siblings } = trace;
  if (givenGold === undefined) return { trajectory, surroundings: { siblings } };
  // A person's answer goes before the file's: without the file's own, the given one is taken.
  const { goldAnswer: _, ...rest } = trajectory;
  return { trajectory: rest, surroundings: { siblings, answer: givenGold } };
}

/** Whether the trace has a gold answer; without one its own final answer is scored (agnostic mode). */
export function hasGold(trace: Trace): boolean {
  return trace.givenGold !== undefined || trace.trajectory.goldAnswer !== undefined;
}

/** The gold answer in use. */
export function goldOf(trace: Trace): string | undefined {
  return trace.givenGold ?? trace.trajectory.goldAnswer?.text;
}
