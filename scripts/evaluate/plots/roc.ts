import { type EvaluatedTrajectory, labelledSteps } from '../../../src/evaluation';
import { type RankedScores, rankScores } from '../../../src/evaluation/auc';
import { frame, KINDS, legend, line, path } from './frame';

export interface Curve {
  readonly name: string;
  readonly scores: readonly number[];
  readonly correct: readonly boolean[];
}

/** The scores of the steps without last ones, as a curve takes them. */
export function curveOf(name: string, traces: readonly EvaluatedTrajectory[]): Curve {
  const steps = labelledSteps(traces, false);
  return { name, scores: steps.map(({ reward }) => reward), correct: steps.map(({ correct }) => correct) };
}

/** Shares of first errors (found) and of right steps (false alarms) under each threshold, from none to all. */
export function rocPoints({ positive, ends }: RankedScores): [number, number][] {
  const right = positive.reduce((sum, one) => sum + one, 0);
  const wrong = positive.length - right;
  const points: [number, number][] = [[0, 0]];
  let [alarms, found, i] = [0, 0, 0];
  for (const end of ends) {
    for (; i < end; i++) {
      if (positive[i] === 1) alarms++;
      else found++;
    }
    points.push([alarms / Math.max(1, right), found / Math.max(1, wrong)]);
  }
  return points;
}

/** ROC curves, the chance line among them. */
export function rocPlot(curves: readonly Curve[]): string {
  const share = { from: 0, to: 1, show: (value: number) => `${Math.round(value * 100)} %` };
  return frame(
    'ROC curves: first errors found against right steps under the threshold',
    { name: 'right steps under the threshold', ...share },
    { name: 'first errors found', ...share },
    ({ x, y }) =>
      line(x(0), y(0), x(1), y(1), 'zero') +
      curves
        .map(({ scores, correct }, i) =>
          path(
            rocPoints(rankScores(scores, correct)).map(([alarms, found]) => [x(alarms), y(found)]),
            `line ${KINDS[i]}`,
          ),
        )
        .join('') +
      legend(
        curves.map(({ name }) => name),
        y(0) - 12 - 17 * (curves.length - 1),
      ),
  );
}
