import type { Trace } from '../document/trace';
import { hasLowStep } from '../present';
import type { Outcome } from '../reading/protocol';

/** Which traces the side bar lists. */
export interface TraceFilter {
  readonly outcome: Outcome | 'any';
  /** Only traces with a low step. */
  readonly low: boolean;
  /** Only traces without rewards. */
  readonly unscored: boolean;
}

export const EVERYTHING: TraceFilter = { outcome: 'any', low: false, unscored: false };

export const isEverything = ({ outcome, low, unscored }: TraceFilter): boolean =>
  outcome === 'any' && !low && !unscored;

/** Whether a trace passes. */
export function passes(trace: Trace, filter: TraceFilter, threshold: number): boolean {
  if (filter.low && !hasLowStep(trace, threshold)) return false;
  if (filter.unscored && trace.scored && !trace.stale) return false;
  return filter.outcome === 'any' || trace.outcome === filter.outcome;
}
