import { seededRandom } from '../cpmi/negatives/random';

export interface BootstrapOptions {
  /** How many resamples are drawn; 0 for no interval. */
  readonly resamples: number;
  readonly seed: number;
}

export const DEFAULT_BOOTSTRAP: BootstrapOptions = { resamples: 1000, seed: 0 };

/** A measure with its 95 % interval; null where the data can't give it. */
export interface Estimate {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const TAIL = 0.025;

function percentile(sorted: readonly number[], share: number): number | null {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
}

/**
 * A statistic with its bootstrap interval (percentile method). Whole units are resampled: trajectories, since their
 * steps are not independent of each other.
 * @param units how many units there are
 * @param statistic the measure, given how often each unit counts; null where it is not defined
 * @returns the measure with every unit counted once, and the 2.5th and 97.5th percentile of the resamples that define
 * it; no interval where fewer than half of them do
 */
export function bootstrap(
  units: number,
  statistic: (counts: Uint32Array) => number | null,
  { resamples, seed }: BootstrapOptions = DEFAULT_BOOTSTRAP,
): Estimate {
  const counts = new Uint32Array(units).fill(1);
  const value = statistic(counts);
  if (value === null || units === 0) return { value, low: null, high: null };
  const random = seededRandom(seed, 'bootstrap');
  const drawn: number[] = [];
  for (let round = 0; round < resamples; round++) {
    counts.fill(0);
    for (let i = 0; i < units; i++) {
      const unit = random.whole(units);
      counts[unit] = (counts[unit] ?? 0) + 1;
    }
    const resampled = statistic(counts);
    if (resampled !== null) drawn.push(resampled);
  }
  if (drawn.length === 0 || drawn.length < resamples / 2) return { value, low: null, high: null };
  drawn.sort((a, b) => a - b);
  return { value, low: percentile(drawn, TAIL), high: percentile(drawn, 1 - TAIL) };
}
