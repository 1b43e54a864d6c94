import { countPairs, type RankedScores, rankScores, shareWon } from './auc';
import { type BootstrapOptions, bootstrap, type Estimate } from './bootstrap';
import type { LabelledStep } from './steps';

interface StepCounts {
  readonly correctSteps: number;
  readonly wrongSteps: number;
}

/** An area under the curve with what it was measured on. */
export interface StepAuc extends Estimate, StepCounts {}

export interface StratifiedAuc {
  /** Won pairs over all pairs, where only steps of one stratum make a pair. */
  readonly pooled: StepAuc;
  /** Each stratum's own, by rising stratum, without interval. */
  readonly strata: readonly ({ readonly value: number | null } & StepCounts)[];
}

function countSteps(steps: readonly LabelledStep[]): StepCounts {
  const correctSteps = steps.filter(({ correct }) => correct).length;
  return { correctSteps, wrongSteps: steps.length - correctSteps };
}

/** Ranks the scores of some steps; the units are their trajectories. */
export function rankSteps(steps: readonly LabelledStep[], scores: readonly number[]): RankedScores {
  return rankScores(
    scores,
    steps.map(({ correct }) => correct),
    steps.map(({ trajectory }) => trajectory),
  );
}

/**
 * Step ROC-AUC of a score, with its interval over resampled trajectories.
 * @param scores one per step, higher for what should be correct
 * @param trajectories how many there are: steps name theirs by index
 */
export function stepAuc(
  steps: readonly LabelledStep[],
  scores: readonly number[],
  trajectories: number,
  options?: BootstrapOptions,
): StepAuc {
  const ranked = rankSteps(steps, scores);
  return {
    ...bootstrap(trajectories, (counts) => shareWon(countPairs(ranked, counts)), options),
    ...countSteps(steps),
  };
}

/** The indices of each stratum's members, by rising stratum. */
function membersOf(stratum: readonly number[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const [i, key] of stratum.entries()) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, members]) => members);
}

/**
 * Step ROC-AUC in which steps are compared only with steps of their own stratum, pooled by the number of pairs: what a
 * score knows beyond the quantity that the strata hold still.
 * @param stratum one per step
 */
export function stratifiedAuc(
  steps: readonly LabelledStep[],
  scores: readonly number[],
  stratum: readonly number[],
  trajectories: number,
  options?: BootstrapOptions,
): StratifiedAuc {
  const strata = membersOf(stratum).map((members) => {
    const inside = members.flatMap((i) => steps[i] ?? []);
    const ranked = rankSteps(
      inside,
      members.map((i) => scores[i] ?? 0),
    );
    return { inside, ranked };
  });
  const pool = (counts: Uint32Array) => {
    let [won, all] = [0, 0];
    for (const { ranked } of strata) {
      const pairs = countPairs(ranked, counts);
      won += pairs.won;
      all += pairs.all;
    }
    return shareWon({ won, all });
  };
  return {
    pooled: { ...bootstrap(trajectories, pool, options), ...countSteps(steps) },
    strata: strata.map(({ inside, ranked }) => ({
      value: shareWon(countPairs(ranked)),
      ...countSteps(inside),
    })),
  };
}

/**
 * Strata of similar size by rising value: of equal values none are parted, so that there may be fewer strata than
 * asked for. Quintiles by default.
 * @returns the stratum of each value, from 0
 */
export function quantileStrata(values: readonly number[], strata = 5): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const cuts = Array.from(
    { length: strata - 1 },
    (_, i) => sorted[Math.ceil(((i + 1) * sorted.length) / strata) - 1] ?? Number.POSITIVE_INFINITY,
  );
  return values.map((value) => cuts.filter((cut) => value > cut).length);
}
