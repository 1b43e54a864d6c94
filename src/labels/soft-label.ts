import type { StepLabel } from '../trajectory/trajectory';

/** How the spread was measured; `none`: the rewards have no spread, and `scale` is 1 nat per token. */
export type SpreadMethod = 'mad' | 'iqr' | 'std' | 'none';

/**
 * What turns a reward into a soft label. Plain data: it is stored beside the labels that it made, and gives the same
 * labels later and for other rewards.
 */
export interface SoftLabelScale {
  /** Median of the rewards, in nats per token. */
  readonly center: number;
  /** Spread of the rewards in nats per token, an estimate of the standard deviation; above 0. */
  readonly scale: number;
  readonly method: SpreadMethod;
}

/** z beyond this says no more. */
export const LARGEST_Z = 6;

/** Median absolute deviation to standard deviation, for a normal distribution. */
const MAD_TO_STD = 1.4826;
/** Interquartile range to standard deviation, for a normal distribution: 1 / (2 · 0.6745). */
const IQR_TO_STD = 0.7413;

/** The quantile of sorted values, linear between neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  const part = at - Math.floor(at);
  return part === 0 ? low : low * (1 - part) + high * part;
}

/** Standard deviation around the mean, n - 1 in the denominator. */
function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (values.length - 1), 0));
}

/**
 * Fits the scale to the rewards of a data set: the median, and as spread 1.4826 · MAD, else the interquartile range
 * (scaled likewise) where more than half of the rewards are equal, else the standard deviation. Rewards that are not
 * finite are left out. Where nothing spreads (no reward, one, all equal) the scale is 1 and the method `none`; without
 * any reward the center is 0.
 */
export function fitSoftLabels(rewards: ArrayLike<number>): SoftLabelScale {
  const sorted = Float64Array.from(rewards).filter(Number.isFinite).sort();
  if (sorted.length === 0) return { center: 0, scale: 1, method: 'none' };
  const center = quantile(sorted, 0.5);
  const deviations = sorted.map((reward) => Math.abs(reward - center)).sort();
  const spreads: readonly [SpreadMethod, () => number][] = [
    ['mad', () => MAD_TO_STD * quantile(deviations, 0.5)],
    ['iqr', () => IQR_TO_STD * (quantile(sorted, 0.75) - quantile(sorted, 0.25))],
    ['std', () => (sorted.length < 2 ? 0 : standardDeviation(sorted))],
  ];
  // Differences this small are rounding, not spread.
  const smallest = 1e-12 * Math.max(1, Math.abs(center));
  for (const [method, measure] of spreads) {
    const scale = measure();
    if (scale > smallest) return { center, scale: Math.min(scale, Number.MAX_VALUE), method };
  }
  return { center, scale: 1, method: 'none' };
}

/**
 * The soft label of a reward: sigmoid of its robust z, clipped to ±6, so between 0.0025 and 0.9975; 0.5 at the center.
 * It never falls as the reward rises. A reward that is not a number says nothing: 0.5.
 */
export function softLabel(reward: number, { center, scale }: SoftLabelScale): number {
  const z = (reward - center) / scale;
  if (Number.isNaN(z)) return 0.5;
  return 1 / (1 + Math.exp(-Math.min(LARGEST_Z, Math.max(-LARGEST_Z, z))));
}

/** The hard label: correct where the soft label is at least 0.5 or, with a threshold, the reward is at least that. */
export function hardLabel(reward: number, scale: SoftLabelScale, threshold?: number): StepLabel {
  const correct = threshold === undefined ? softLabel(reward, scale) >= 0.5 : reward >= threshold;
  return correct ? 'correct' : 'incorrect';
}
