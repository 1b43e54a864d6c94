/** The door of evaluation: how well step rewards find the first error of labelled traces. Pure functions. */
export { type AddedValue, addedValue } from './added-value';
export { rocAuc } from './auc';
export { type BootstrapOptions, bootstrap, DEFAULT_BOOTSTRAP, type Estimate } from './bootstrap';
export {
  type Evaluation,
  type EvaluationOptions,
  evaluateRewards,
  type GroupMeasures,
  type StepMeasures,
} from './evaluate';
export { BASELINES, type Baseline, baselineScores } from './features';
export { type ProcessBenchResult, predictFirstError, processBench, tuneThreshold } from './process-bench';
export { quantileStrata, type StepAuc, type StratifiedAuc, stepAuc, stratifiedAuc } from './step-auc';
export { type LabelledStep, labelledSteps } from './steps';
export { type EvaluatedTrajectory, type LeftOut, selectUsable } from './trajectory';
