import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANSWER_ESTIMATORS } from '../../../src/cpmi/settings';
import { baselineScores, type EvaluatedTrajectory, labelledSteps, stepAuc } from '../../../src/evaluation';
import { REFERENCE_SCALE, softLabel } from '../../../src/labels';
import type { Kept } from '../likelihoods/kept';
import type { CostOf } from '../measures/cost';
import { cpmi, scoreAll } from '../rewards/reward-of';
import { DEFAULT_VARIANT } from '../rewards/variant';
import type { Subject } from '../subjects';
import { costPlot, type Priced } from './cost';
import { distributionPlot } from './distribution';
import { calibrationError, reliability, reliabilityPlot } from './reliability';
import { curveOf, rocPlot } from './roc';

export interface Plots {
  readonly files: Readonly<Record<string, string>>;
  /** How far the soft labels are from the share of right steps. */
  readonly calibrationError: number;
}

/** Draws what the tables don't show. */
export function plots(subjects: readonly Subject[], kept: Kept, cost: CostOf): Plots {
  const rewards = (variant: Partial<typeof DEFAULT_VARIANT>) =>
    scoreAll(subjects, kept, cpmi({ ...DEFAULT_VARIANT, ...variant }));
  const traces = rewards({});
  const main = curveOf('CPMI, lasting', traces);
  const bins = reliability(
    main.scores.map((reward) => softLabel(reward, REFERENCE_SCALE)),
    main.correct,
  );
  const steps = labelledSteps(traces, false);
  const short = { ...main, name: 'being short', scores: baselineScores(traces, steps, 'being short') ?? [] };
  const curves = [
    main,
    curveOf('CPMI, marginal', rewards({ estimator: 'marginal' })),
    curveOf('CPMI, incremental', rewards({ estimator: 'incremental' })),
    curveOf('CPMI, leave-one-out', rewards({ estimator: 'leave-one-out' })),
    short,
  ];
  return {
    files: {
      'distribution.svg': distributionPlot(main),
      'roc.svg': rocPlot(curves),
      'reliability.svg': reliabilityPlot(bins),
      'cost.svg': costPlot(priced(subjects, kept, cost)),
    },
    calibrationError: calibrationError(bins),
  };
}

function priced(subjects: readonly Subject[], kept: Kept, cost: CostOf): Priced[] {
  const positions = ['before', 'after'] as const;
  const settings = ANSWER_ESTIMATORS.flatMap((estimator) =>
    positions.flatMap((templatePosition) => [1, 4].map((count) => ({ estimator, templatePosition, count }))),
  );
  return settings.flatMap(({ estimator, templatePosition, count }) => {
    const templates = Array.from({ length: count }, (_, k) => k);
    const traces = scoreAll(
      subjects,
      kept,
      cpmi({ ...DEFAULT_VARIANT, estimator, templatePosition, templates }),
    );
    if (traces.length === 0) return [];
    const known = new Set(traces.map(({ id }) => id));
    const spent = cost(
      { estimator, templatePosition, templates: count },
      subjects.filter(({ id }) => known.has(id)),
    );
    const label = `K = ${count}${templatePosition === 'after' ? ', after' : ''}`;
    return [{ series: estimator, label, positions: spent, auc: aucOf(traces) }];
  });
}

function aucOf(traces: readonly EvaluatedTrajectory[]) {
  const steps = labelledSteps(traces, false);
  return stepAuc(
    steps,
    steps.map(({ reward }) => reward),
    traces.length,
  );
}

export async function writePlots({ files }: Plots, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, svg] of Object.entries(files)) await writeFile(join(folder, name), svg);
}
