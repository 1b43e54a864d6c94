import { interval } from '../../../src/cli/evaluation/report';
import {
  BASELINES,
  baselineScores,
  type EvaluatedTrajectory,
  labelledSteps,
  stepAuc,
} from '../../../src/evaluation';
import { foldsOf, outOfFold } from '../../../src/evaluation/folds';
import { aucByGroup, featureRows } from '../measures/measure';
import type { Table } from './markdown';

/** What needs no model: the step AUC of each text feature and of a regression on all of them, without last steps. */
export function featureTable(traces: readonly EvaluatedTrajectory[]): Table {
  const steps = labelledSteps(traces, false);
  const foldOf = foldsOf(traces.length, 5);
  const all = outOfFold(steps, featureRows(traces, steps), foldOf);
  const scored = [
    ...BASELINES.map((name) => ({ name: name as string, scores: baselineScores(traces, steps, name) ?? [] })),
    { name: 'all of them, cross-validated', scores: all },
    {
      name: 'all of them and the default reward',
      scores: outOfFold(
        steps,
        featureRows(traces, steps).map((row, i) => [...row, steps[i]?.reward ?? 0]),
        foldOf,
      ),
    },
  ];
  const measured = scored.map(({ name, scores }) => ({
    name,
    auc: stepAuc(steps, scores, traces.length),
    groups: aucByGroup(traces, steps, scores),
  }));
  const groups = [...new Set(measured.flatMap((row) => [...row.groups.keys()]))].sort();
  const rows = measured.map((row) => [
    row.name,
    interval(row.auc),
    ...groups.map((group) => interval(row.groups.get(group))),
  ]);
  return {
    name: 'features',
    title: 'What the text alone gives',
    rows: [['feature', 'overall', ...groups], ...rows],
  };
}
