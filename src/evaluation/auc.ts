/** Scores in rising order, so that the area under the curve is one walk for any weights of the units behind them. */
export interface RankedScores {
  /** By rising score: 1 for what should score high. */
  readonly positive: Uint8Array;
  /** By rising score: the unit (trajectory) that the score belongs to. */
  readonly unit: Uint32Array;
  /** Where each run of equal scores ends, exclusive. */
  readonly ends: Uint32Array;
}

/**
 * Sorts the scores once: O(n log n). Scores must not be NaN.
 * @param labels true for what should score high
 * @param units the unit that each score belongs to, where units are to be weighted
 */
export function rankScores(
  scores: readonly number[],
  labels: readonly boolean[],
  units?: readonly number[],
): RankedScores {
  const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const ends: number[] = [];
  for (let i = 1; i <= order.length; i++) {
    if (i === order.length || scores[order[i] ?? 0] !== scores[order[i - 1] ?? 0]) ends.push(i);
  }
  return {
    positive: Uint8Array.from(order, (index) => (labels[index] ? 1 : 0)),
    unit: Uint32Array.from(order, (index) => units?.[index] ?? 0),
    ends: Uint32Array.from(ends),
  };
}

/** Pairs of a true and a false one: how many there are, and how many have the true one higher (a tie counts half). */
export interface Pairs {
  readonly won: number;
  readonly all: number;
}

/**
 * Counts the pairs in one walk, O(n).
 * @param counts how often each unit counts; once where absent
 */
export function countPairs({ positive, unit, ends }: RankedScores, counts?: Uint32Array): Pairs {
  let [won, positives, negatives, i] = [0, 0, 0, 0];
  for (const end of ends) {
    let [tiedPositives, tiedNegatives] = [0, 0];
    for (; i < end; i++) {
      const weight = counts === undefined ? 1 : (counts[unit[i] ?? 0] ?? 0);
      if (positive[i] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    won += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
  }
  return { won, all: positives * negatives };
}

/** The share of won pairs; null where there is no pair, as a class is empty. */
export const shareWon = ({ won, all }: Pairs): number | null => (all === 0 ? null : won / all);

/**
 * Area under the ROC curve: the probability that a random true one scores above a random false one, ties counted half
 * (mid-ranks). Null where a class is empty.
 */
export function rocAuc(scores: readonly number[], labels: readonly boolean[]): number | null {
  return shareWon(countPairs(rankScores(scores, labels)));
}
