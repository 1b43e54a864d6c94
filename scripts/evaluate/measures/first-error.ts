import {
  type BootstrapOptions,
  bootstrap,
  DEFAULT_BOOTSTRAP,
  type Estimate,
  type EvaluatedTrajectory,
  type ProcessBenchResult,
  processBench,
  tuneThreshold,
} from '../../../src/evaluation';
import { foldsOf } from '../../../src/evaluation/folds';

/** ProcessBench's measures with a threshold for each fold, tuned on the others. */
export type FirstErrors = Omit<ProcessBenchResult, 'threshold'> & { readonly thresholds: readonly number[] };

/**
 * ProcessBench's F1 with the threshold found on other traces than those it is used on. Undefined where a fold's other
 * traces do not have both faulty and error-free ones.
 */
export function crossValidatedF1(
  traces: readonly EvaluatedTrajectory[],
  options: BootstrapOptions = DEFAULT_BOOTSTRAP,
  folds = 5,
): FirstErrors | undefined {
  const fold = foldsOf(traces.length, folds, options.seed);
  const thresholds: number[] = [];
  for (let f = 0; f < folds; f++) {
    const tuned = tuneThreshold(traces.filter((_, i) => fold[i] !== f));
    if (!tuned) return undefined;
    thresholds.push(tuned.threshold);
  }
  // Moved by its threshold, each trace is judged against 0.
  const moved = traces.map((trace, i) => ({
    ...trace,
    rewards: trace.rewards.map((reward) => reward - (thresholds[fold[i] ?? 0] ?? 0)),
  }));
  const { threshold: _, ...result } = processBench(moved, 0, options);
  return { ...result, thresholds };
}

/** Index of the lowest reward; the first of equals. */
const lowestOf = (rewards: readonly number[]): number => rewards.indexOf(Math.min(...rewards));

/** How often the lowest step of a faulty trace is its first error: no threshold is needed. */
export function lowestStep(traces: readonly EvaluatedTrajectory[], options?: BootstrapOptions): Estimate {
  const faulty = traces.filter(({ firstError }) => firstError >= 0);
  return shareOf(
    faulty.map(({ rewards, firstError }) => (lowestOf(rewards) === firstError ? 1 : 0)),
    options,
  );
}

/** What a step picked at random would reach. */
export function lowestByChance(traces: readonly EvaluatedTrajectory[]): number {
  const faulty = traces.filter(({ firstError }) => firstError >= 0);
  return faulty.reduce((sum, { rewards }) => sum + 1 / rewards.length, 0) / Math.max(1, faulty.length);
}

function shareOf(values: readonly number[], options?: BootstrapOptions): Estimate {
  return bootstrap(
    values.length,
    (counts) => {
      let [sum, all] = [0, 0];
      for (const [i, value] of values.entries()) {
        sum += value * (counts[i] ?? 0);
        all += counts[i] ?? 0;
      }
      return all === 0 ? null : sum / all;
    },
    options,
  );
}
