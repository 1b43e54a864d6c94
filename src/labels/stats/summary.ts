import type { Numbers } from '../numbers';

/** Where the values of a set lie. Null where there are none. */
export interface Summary {
  readonly count: number;
  readonly mean: number | null;
  readonly p5: number | null;
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly p95: number | null;
}

/** The quantile of sorted values, linear between neighbours; null without values. */
export function quantile(sorted: Float64Array, share: number): number | null {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at));
}

export function summarise(numbers: Numbers): Summary {
  const sorted = numbers.sorted();
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? null : sum / sorted.length,
    p5: quantile(sorted, 0.05),
    p25: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    p75: quantile(sorted, 0.75),
    p95: quantile(sorted, 0.95),
  };
}

/** How many values lie in each of equally wide bins. Values beyond the ends are counted in the end bins. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** A histogram from the 1st to the 99th percentile, so that a few outliers do not flatten it; null without a spread. */
export function histogram(numbers: Numbers, bins = 40): Histogram | null {
  const sorted = numbers.sorted();
  const [low, high] = [quantile(sorted, 0.01), quantile(sorted, 0.99)];
  if (low === null || high === null || !(high > low)) return null;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts };
}
