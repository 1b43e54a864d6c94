import { type AddedValue, addedValue } from './added-value';
import { type BootstrapOptions, DEFAULT_BOOTSTRAP } from './bootstrap';
import { BASELINES, type Baseline, baselineScores } from './features';
import { type ProcessBenchResult, processBench, tuneThreshold } from './process-bench';
import { quantileStrata, type StepAuc, type StratifiedAuc, stepAuc, stratifiedAuc } from './step-auc';
import { type LabelledStep, labelledSteps } from './steps';
import { type EvaluatedTrajectory, groupByTask, type LeftOut, selectUsable } from './trajectory';

export interface EvaluationOptions {
  readonly bootstrap?: BootstrapOptions;
  /** Threshold of the reward for ProcessBench's F1. */
  readonly threshold?: number;
  /** Labelled traces to tune the threshold on, where none is given. */
  readonly tuneOn?: readonly EvaluatedTrajectory[];
}

/** How well rewards tell correct steps from first errors, on one set of steps. */
export interface StepMeasures {
  readonly auc: StepAuc;
  /** Steps compared only with steps of similar length (quintiles); null where lengths are not known. */
  readonly lengthStratified: StratifiedAuc | null;
  /** What needs no model; null where the trajectories lack what it is computed from. */
  readonly baselines: readonly { readonly name: Baseline; readonly auc: StepAuc | null }[];
  /** What the reward adds to all baselines together; null where there are too few traces or a class is empty. */
  readonly added: AddedValue | null;
}

/** All measures of some trajectories. */
export interface GroupMeasures {
  readonly trajectories: number;
  readonly allSteps: StepMeasures;
  readonly withoutLast: StepMeasures;
  /** Null where no threshold was given and none could be tuned. */
  readonly processBench: ProcessBenchResult | null;
}

export interface Evaluation {
  readonly overall: GroupMeasures;
  readonly byTask: readonly ({ readonly task: string } & GroupMeasures)[];
  readonly threshold: number | null;
  /** The F1 that the threshold had on the traces it was tuned on; null where it was given. */
  readonly tunedF1: number | null;
  readonly leftOut: readonly LeftOut[];
}

function measureSteps(
  trajectories: readonly EvaluatedTrajectory[],
  steps: readonly LabelledStep[],
  options: BootstrapOptions,
): StepMeasures {
  const rewards = steps.map(({ reward }) => reward);
  const known = BASELINES.map((name) => ({ name, scores: baselineScores(trajectories, steps, name) }));
  const short = known.find(({ name }) => name === 'being short')?.scores;
  const features = known.flatMap(({ scores }) => (scores === undefined ? [] : [scores]));
  const rows = steps.map((_, i) => features.map((scores) => scores[i] ?? 0));
  return {
    auc: stepAuc(steps, rewards, trajectories.length, options),
    lengthStratified:
      short === undefined
        ? null
        : stratifiedAuc(
            steps,
            rewards,
            quantileStrata(short.map((score) => -score)),
            trajectories.length,
            options,
          ),
    baselines: known.map(({ name, scores }) => ({
      name,
      auc: scores === undefined ? null : stepAuc(steps, scores, trajectories.length, options),
    })),
    added: addedValue(steps, rows, trajectories.length, options) ?? null,
  };
}

function measureGroup(
  trajectories: readonly EvaluatedTrajectory[],
  threshold: number | null,
  options: BootstrapOptions,
): GroupMeasures {
  return {
    trajectories: trajectories.length,
    allSteps: measureSteps(trajectories, labelledSteps(trajectories, true), options),
    withoutLast: measureSteps(trajectories, labelledSteps(trajectories, false), options),
    processBench: threshold === null ? null : processBench(trajectories, threshold, options),
  };
}

/**
 * Evaluates step rewards against labelled first errors: step ROC-AUC with and without each trace's last step, by length
 * and beside baselines that need no model, and ProcessBench's F1, overall and by task, with bootstrap intervals.
 * Nothing is NaN: a measure that the data can't give is null. Trajectories that can't be used are listed with the
 * reason.
 */
export function evaluateRewards(
  trajectories: readonly EvaluatedTrajectory[],
  { bootstrap = DEFAULT_BOOTSTRAP, threshold, tuneOn }: EvaluationOptions = {},
): Evaluation {
  const { usable, leftOut } = selectUsable(trajectories);
  const tuned =
    threshold === undefined && tuneOn !== undefined ? tuneThreshold(selectUsable(tuneOn).usable) : undefined;
  const cut = threshold ?? tuned?.threshold ?? null;
  return {
    overall: measureGroup(usable, cut, bootstrap),
    byTask: [...groupByTask(usable)].map(([task, group]) => ({
      task,
      ...measureGroup(group, cut, bootstrap),
    })),
    threshold: cut,
    tunedF1: tuned?.f1 ?? null,
    leftOut,
  };
}
