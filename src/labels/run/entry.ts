import type { ScoredTrajectory } from '../../cpmi/scored';
import type { Given } from '../label-record';
import type { Recordable } from '../record';

/** What the journal keeps of a trace: all that its line in the output is made of but for scale, threshold and people. */
export type Entry = ScoredEntry | UnscoredEntry;

export interface ScoredEntry {
  readonly kind: 'scored';
  /** `traceKey`: human labels are found by it. */
  readonly trace: string;
  readonly line: number;
  readonly format: string;
  readonly given: Given;
  readonly scored: Recordable;
}

export interface UnscoredEntry {
  readonly kind: 'unscored';
  readonly id: string;
  readonly line: number;
  readonly reason: string;
}

/** Leaves out what no line of the output needs. */
export function recordable(scored: ScoredTrajectory): Recordable {
  return {
    ...scored,
    steps: scored.steps.map(({ index, text, reward, goldGain, contrastGain }) => ({
      index,
      text,
      reward,
      goldGain,
      contrastGain,
    })),
  };
}
