import { countPairs, shareWon } from './auc';
import { type BootstrapOptions, bootstrap, DEFAULT_BOOTSTRAP, type Estimate } from './bootstrap';
import { foldsOf, outOfFold } from './folds';
import { rankSteps } from './step-auc';
import type { LabelledStep } from './steps';

/** What the reward adds to features that need no model. */
export interface AddedValue {
  /** AUC of a logistic regression on the features, on trajectories that it wasn't fitted on. */
  readonly features: Estimate;
  /** The same with the reward as one feature more. */
  readonly withReward: Estimate;
  /** The difference of the two; its interval tells whether the reward adds anything. */
  readonly gain: Estimate;
  readonly folds: number;
}

/**
 * Compares a logistic regression on the features with one on the features and the reward, by step AUC in k-fold cross
 * validation over trajectories. The intervals resample trajectories and keep the fitted scores.
 * @param rows the features of each step; the reward is taken from the step
 * @param trajectories how many there are
 * @returns undefined where a class is empty or there are fewer trajectories than folds
 */
export function addedValue(
  steps: readonly LabelledStep[],
  rows: readonly (readonly number[])[],
  trajectories: number,
  options: BootstrapOptions = DEFAULT_BOOTSTRAP,
  folds = 5,
): AddedValue | undefined {
  const correct = steps.filter((step) => step.correct).length;
  if (correct === 0 || correct === steps.length || trajectories < folds) return undefined;
  const foldOf = foldsOf(trajectories, folds, options.seed);
  const aucOf = (inputs: readonly (readonly number[])[]) => {
    const ranked = rankSteps(steps, outOfFold(steps, inputs, foldOf));
    return (counts: Uint32Array) => shareWon(countPairs(ranked, counts));
  };
  const plain = aucOf(rows);
  const full = aucOf(rows.map((row, i) => [...row, steps[i]?.reward ?? 0]));
  const gain = (counts: Uint32Array) => {
    const [without, withIt] = [plain(counts), full(counts)];
    return without === null || withIt === null ? null : withIt - without;
  };
  return {
    features: bootstrap(trajectories, plain, options),
    withReward: bootstrap(trajectories, full, options),
    gain: bootstrap(trajectories, gain, options),
    folds,
  };
}
