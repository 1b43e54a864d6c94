import { interval } from '../../../src/cli/evaluation/report';
import { ANSWER_ESTIMATORS } from '../../../src/cpmi/settings';
import { addedValue, type EvaluatedTrajectory, labelledSteps, stepAuc } from '../../../src/evaluation';
import type { Kept } from '../likelihoods/kept';
import { featureRows } from '../measures/measure';
import { cpmi, scoreAll } from '../rewards/reward-of';
import { DEFAULT_VARIANT } from '../rewards/variant';
import type { Subject } from '../subjects';
import type { Table } from './markdown';

/**
 * How much of a reward's AUC is the outcome: whether the trace arrives at the gold answer, which needs no model. Without last
 * steps; among traces that arrive and that do not the outcome says nothing, so what is left there is of the steps.
 */
export function outcomeTable(subjects: readonly Subject[], kept: Kept): Table {
  const byOutcome = ({ trajectory, arrives }: Subject) => trajectory.steps.map(() => Number(arrives));
  const scored = [
    { name: 'the outcome alone', traces: scoreAll(subjects, kept, byOutcome) },
    ...ANSWER_ESTIMATORS.map((estimator) => ({
      name: `CPMI, ${estimator}, K = 1`,
      traces: scoreAll(subjects, kept, cpmi({ ...DEFAULT_VARIANT, estimator })),
    })),
  ];
  const rows = scored.map(({ name, traces }, i) => [
    name,
    auc(traces),
    auc(traces.filter(({ arrives }) => arrives)),
    auc(traces.filter(({ arrives }) => !arrives)),
    withFeatures(traces, i > 0),
  ]);
  const head = [
    'reward',
    'all traces',
    'traces that arrive',
    'traces that do not',
    'with text features and outcome',
  ];
  return { name: 'outcome', title: 'How much of it is the outcome', rows: [head, ...rows] };
}

function auc(traces: readonly EvaluatedTrajectory[]): string {
  const steps = labelledSteps(traces, false);
  const rewards = steps.map(({ reward }) => reward);
  return interval(stepAuc(steps, rewards, traces.length));
}

/** A regression on the text features, of which the outcome is one, and the reward; cross-validated by trace. */
function withFeatures(traces: readonly EvaluatedTrajectory[], withReward: boolean): string {
  const steps = labelledSteps(traces, false);
  const added = addedValue(steps, featureRows(traces, steps), traces.length);
  return interval(withReward ? added?.withReward : added?.features);
}
