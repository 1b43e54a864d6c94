import {
  addedValue,
  BASELINES,
  type BootstrapOptions,
  baselineScores,
  bootstrap,
  type Estimate,
  type EvaluatedTrajectory,
  type LabelledStep,
  labelledSteps,
  quantileStrata,
  stepAuc,
  stratifiedAuc,
} from '../../../src/evaluation';
import { countPairs, shareWon } from '../../../src/evaluation/auc';
import { rankSteps } from '../../../src/evaluation/step-auc';
import { crossValidatedF1, type FirstErrors, lowestStep } from './first-error';
import { groupOf } from './groups';

/** What the tables say of one reward. Intervals are bootstrap intervals over traces. */
export interface Measures {
  readonly traces: number;
  readonly allSteps: Estimate;
  readonly withoutLast: Estimate;
  /** Without last steps, only steps of like length (quintiles) compared. */
  readonly likeLength: Estimate;
  /** Without last steps, by group of tasks; only steps of one task are compared. */
  readonly byGroup: ReadonlyMap<string, Estimate>;
  /** What the reward adds to the AUC of the text features, cross-validated, without last steps. */
  readonly added: Estimate | null;
  readonly firstErrors: FirstErrors | null;
  /** Share of the faulty traces whose lowest step is the first error. */
  readonly lowest: Estimate;
}

const lengths = (traces: readonly EvaluatedTrajectory[], steps: readonly LabelledStep[]): number[] =>
  (baselineScores(traces, steps, 'being short') ?? []).map((score) => -score);

/** The text features of each step. */
export function featureRows(
  traces: readonly EvaluatedTrajectory[],
  steps: readonly LabelledStep[],
): number[][] {
  const columns = BASELINES.map((name) => baselineScores(traces, steps, name) ?? []);
  return steps.map((_, i) => columns.map((scores) => scores[i] ?? 0));
}

export function measure(traces: readonly EvaluatedTrajectory[], options?: BootstrapOptions): Measures {
  const all = labelledSteps(traces, true);
  const steps = labelledSteps(traces, false);
  const rewards = steps.map(({ reward }) => reward);
  const strata = quantileStrata(lengths(traces, steps));
  return {
    traces: traces.length,
    allSteps: stepAuc(
      all,
      all.map(({ reward }) => reward),
      traces.length,
      options,
    ),
    withoutLast: stepAuc(steps, rewards, traces.length, options),
    likeLength: stratifiedAuc(steps, rewards, strata, traces.length, options).pooled,
    byGroup: aucByGroup(traces, steps, rewards, options),
    added: addedValue(steps, featureRows(traces, steps), traces.length, options)?.gain ?? null,
    firstErrors: crossValidatedF1(traces, options) ?? null,
    lowest: lowestStep(traces, options),
  };
}

/** Step AUC by group of tasks, where only steps of one task make a pair. */
export function aucByGroup(
  traces: readonly EvaluatedTrajectory[],
  steps: readonly LabelledStep[],
  scores: readonly number[],
  options?: BootstrapOptions,
): Map<string, Estimate> {
  const tasks = [...new Set(traces.map(({ task }) => task))];
  const taskOf = (step: LabelledStep) => traces[step.trajectory]?.task ?? '';
  return new Map(
    [...new Set(tasks.map(groupOf))].map((group) => {
      const inside = [...steps.keys()].filter((i) => groupOf(taskOf(steps[i] as LabelledStep)) === group);
      const own = inside.map((i) => steps[i] as LabelledStep);
      const stratum = own.map((step) => tasks.indexOf(taskOf(step)));
      const pooled = stratifiedAuc(
        own,
        inside.map((i) => scores[i] ?? 0),
        stratum,
        traces.length,
        options,
      ).pooled;
      return [group, pooled];
    }),
  );
}

/** How much more step AUC (without last steps) one reward has than another of the same traces; paired resamples. */
export function difference(
  traces: readonly EvaluatedTrajectory[],
  reference: readonly EvaluatedTrajectory[],
  options?: BootstrapOptions,
): Estimate {
  const auc = (scored: readonly EvaluatedTrajectory[]) => {
    const steps = labelledSteps(scored, false);
    const ranked = rankSteps(
      steps,
      steps.map(({ reward }) => reward),
    );
    return (counts: Uint32Array) => shareWon(countPairs(ranked, counts));
  };
  const [mine, other] = [auc(traces), auc(reference)];
  return bootstrap(
    traces.length,
    (counts) => {
      const [a, b] = [mine(counts), other(counts)];
      return a === null || b === null ? null : a - b;
    },
    options,
  );
}
