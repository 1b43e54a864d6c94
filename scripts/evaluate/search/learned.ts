import { interval } from '../../../src/cli/evaluation/report';
import {
  bootstrap,
  type EvaluatedTrajectory,
  labelledSteps,
  quantileStrata,
  stepAuc,
  stratifiedAuc,
} from '../../../src/evaluation';
import { countPairs, shareWon } from '../../../src/evaluation/auc';
import { foldsOf, outOfFold } from '../../../src/evaluation/folds';
import { rankSteps } from '../../../src/evaluation/step-auc';
import { aucByGroup, featureRows } from '../measures/measure';
import type { Table } from '../tables/markdown';
import type { Contestant } from './split-half';

const FOLDS = 5;

/**
 * What labels could make of several rewards: logistic regressions, each step scored by one that was fitted on other
 * traces. The text features alone stand beside them.
 * @param contestants the rewards that are put together, of the same traces
 */
export function learnedTable(contestants: readonly Contestant[]): Table {
  const traces: readonly EvaluatedTrajectory[] = contestants[0]?.traces ?? [];
  const steps = labelledSteps(traces, false);
  const text = featureRows(traces, steps);
  const rewards = steps.map(({ trajectory, step }) =>
    contestants.map((contestant) => contestant.traces[trajectory]?.rewards[step] ?? 0),
  );
  const folds = foldsOf(traces.length, FOLDS);
  const strata = quantileStrata(text.map(([short = 0]) => -short));
  const fitted = [
    { name: 'text features', rows: text },
    { name: 'rewards', rows: rewards },
    { name: 'text features and rewards', rows: text.map((row, i) => [...row, ...(rewards[i] ?? [])]) },
  ].map(({ name, rows }) => ({ name, scores: outOfFold(steps, rows, folds) }));
  const [reference] = fitted.map(({ scores }) => rankSteps(steps, scores));
  const groups = [...aucByGroup(traces, steps, fitted[0]?.scores ?? []).keys()].sort();
  const rows = fitted.map(({ name, scores }) => {
    const ranked = rankSteps(steps, scores);
    const more = bootstrap(traces.length, (counts) => {
      const [mine, text] = [
        shareWon(countPairs(ranked, counts)),
        reference && shareWon(countPairs(reference, counts)),
      ];
      return mine === null || text == null ? null : mine - text;
    });
    const byGroup = aucByGroup(traces, steps, scores);
    return [
      name,
      interval(stepAuc(steps, scores, traces.length)),
      interval(stratifiedAuc(steps, scores, strata, traces.length).pooled),
      ...groups.map((group) => interval(byGroup.get(group))),
      interval(more, true),
    ];
  });
  const head = [
    'regression on',
    'without last steps',
    'steps of like length',
    ...groups,
    'more than text features',
  ];
  return { name: 'learned', title: 'What labels could make of them', rows: [head, ...rows] };
}
