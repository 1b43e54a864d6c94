import { type BootstrapOptions, bootstrap, type Estimate } from './bootstrap';
import type { EvaluatedTrajectory } from './trajectory';

/** ProcessBench's prediction: the first step whose reward lies under the threshold, -1 where none does. */
export function predictFirstError(rewards: readonly number[], threshold: number): number {
  return rewards.findIndex((reward) => reward < threshold);
}

/** Harmonic mean; 0 where one of the two is 0. */
export const harmonicMean = (a: number, b: number): number => (a + b === 0 ? 0 : (2 * a * b) / (a + b));

export interface ProcessBenchResult {
  readonly threshold: number;
  /** Share of the faulty traces whose first error is predicted exactly. */
  readonly faultyAccuracy: number | null;
  /** Share of the error-free traces in which no step is predicted wrong. */
  readonly errorFreeAccuracy: number | null;
  /** Harmonic mean of the two; null where there are no faulty or no error-free traces. */
  readonly f1: Estimate;
  readonly faulty: number;
  readonly errorFree: number;
}

/** ProcessBench's measure (Zheng et al., arXiv 2412.06559, section 3) at one threshold. */
export function processBench(
  trajectories: readonly EvaluatedTrajectory[],
  threshold: number,
  options?: BootstrapOptions,
): ProcessBenchResult {
  const right = trajectories.map(
    ({ rewards, firstError }) => predictFirstError(rewards, threshold) === firstError,
  );
  const share = (faulty: boolean, counts: Uint32Array) => {
    let [hits, all] = [0, 0];
    for (const [i, { firstError }] of trajectories.entries()) {
      if (firstError >= 0 !== faulty) continue;
      all += counts[i] ?? 0;
      if (right[i]) hits += counts[i] ?? 0;
    }
    return all === 0 ? null : hits / all;
  };
  const f1 = (counts: Uint32Array) => {
    const [onFaulty, onErrorFree] = [share(true, counts), share(false, counts)];
    return onFaulty === null || onErrorFree === null ? null : harmonicMean(onFaulty, onErrorFree);
  };
  const once = new Uint32Array(trajectories.length).fill(1);
  const faulty = trajectories.filter(({ firstError }) => firstError >= 0).length;
  return {
    threshold,
    faultyAccuracy: share(true, once),
    errorFreeAccuracy: share(false, once),
    f1: bootstrap(trajectories.length, f1, options),
    faulty,
    errorFree: trajectories.length - faulty,
  };
}

/** The thresholds above `above` and up to `upTo` for which a trace is predicted right. */
interface RightRange {
  readonly above: number;
  readonly upTo: number;
  readonly faulty: boolean;
}

function rightRange({ rewards, firstError }: EvaluatedTrajectory): RightRange | undefined {
  const faulty = firstError >= 0;
  const ahead = faulty ? rewards.slice(0, firstError) : rewards;
  const upTo = ahead.reduce((least, reward) => Math.min(least, reward), Number.POSITIVE_INFINITY);
  const above = faulty ? (rewards[firstError] ?? upTo) : Number.NEGATIVE_INFINITY;
  return above < upTo ? { above, upTo, faulty } : undefined;
}

/**
 * The threshold with the best ProcessBench F1 on labelled traces, found exactly: every trace is right for one range of
 * thresholds, so one sweep over the ends of the ranges sees all that can be told apart, O(steps + n log n). Of equally
 * good ranges the widest is taken, and its middle. Undefined where there are no faulty or no error-free traces.
 */
export function tuneThreshold(
  trajectories: readonly EvaluatedTrajectory[],
): { readonly threshold: number; readonly f1: number } | undefined {
  const faulty = trajectories.filter(({ firstError }) => firstError >= 0).length;
  const errorFree = trajectories.length - faulty;
  if (faulty === 0 || errorFree === 0) return undefined;
  const change = new Map<number, { faulty: number; errorFree: number }>();
  const add = (at: number, kind: 'faulty' | 'errorFree', by: number) => {
    const here = change.get(at) ?? { faulty: 0, errorFree: 0 };
    here[kind] += by;
    change.set(at, here);
  };
  for (const trajectory of trajectories) {
    const range = rightRange(trajectory);
    if (range === undefined) continue;
    add(range.above, range.faulty ? 'faulty' : 'errorFree', 1);
    add(range.upTo, range.faulty ? 'faulty' : 'errorFree', -1);
  }
  const ends = [...change.keys()].sort((a, b) => a - b);
  let best = { threshold: 0, f1: -1, width: 0 };
  let [rightFaulty, rightErrorFree] = [0, 0];
  for (const [i, above] of ends.entries()) {
    rightFaulty += change.get(above)?.faulty ?? 0;
    rightErrorFree += change.get(above)?.errorFree ?? 0;
    const upTo = ends[i + 1];
    if (upTo === undefined) break;
    const f1 = harmonicMean(rightFaulty / faulty, rightErrorFree / errorFree);
    const width = Number.isFinite(upTo - above) ? upTo - above : 0;
    if (f1 > best.f1 || (f1 === best.f1 && width > best.width)) {
      best = { threshold: between(above, upTo), f1, width };
    }
  }
  return best.f1 < 0 ? { threshold: 0, f1: 0 } : { threshold: best.threshold, f1: best.f1 };
}

/** A finite number above `above` and at most `upTo`: the middle where both are finite. */
function between(above: number, upTo: number): number {
  if (above === Number.NEGATIVE_INFINITY) return upTo === Number.POSITIVE_INFINITY ? 0 : upTo;
  if (upTo === Number.POSITIVE_INFINITY) return above + Math.max(1, Math.abs(above));
  const middle = above + (upTo - above) / 2;
  return middle > above ? middle : upTo;
}
