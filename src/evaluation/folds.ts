import { seededRandom, shuffle } from '../cpmi/negatives/random';
import { fitLogistic, logOdds } from './logistic';
import type { LabelledStep } from './steps';

/** Which fold each of `count` trajectories belongs to: random by a fixed seed, all folds of like size. */
export function foldsOf(count: number, folds: number, seed = 0): number[] {
  const order = shuffle([...new Array(count).keys()], seededRandom(seed, 'folds'));
  const fold = new Array<number>(count).fill(0);
  for (const [place, item] of order.entries()) fold[item] = place % folds;
  return fold;
}

/**
 * Scores every step by a logistic regression fitted on the other folds' steps. Folds are made of whole trajectories:
 * steps of one trace must not stand on both sides.
 * @param rows the features of each step
 * @param foldOf the fold of each trajectory
 */
export function outOfFold(
  steps: readonly LabelledStep[],
  rows: readonly (readonly number[])[],
  foldOf: readonly number[],
): number[] {
  const scores = new Array<number>(steps.length).fill(0);
  for (const fold of new Set(foldOf)) {
    const inside = (i: number) => foldOf[steps[i]?.trajectory ?? 0] === fold;
    const others = [...steps.keys()].filter((i) => !inside(i));
    const model = fitLogistic(
      others.map((i) => rows[i] ?? []),
      others.map((i) => steps[i]?.correct ?? false),
    );
    for (const i of steps.keys()) if (inside(i)) scores[i] = logOdds(model, rows[i] ?? []);
  }
  return scores;
}
