import { join, parse } from 'node:path';
import type { AnswerEstimator } from '../../../src/cpmi/settings';
import type { Kept } from '../likelihoods/kept';
import { cpmi, type RewardOf } from '../rewards/reward-of';
import { DEFAULT_VARIANT, firstTemplates } from '../rewards/variant';
import { ROOT } from '../root';
import type { Subject } from '../subjects';
import type { Table } from '../tables/markdown';
import { aucTable, measureRows } from '../tables/rewards';
import { KeptRollouts } from './kept-rollouts';
import { monteCarlo, pav } from './rewards';

/** What was sampled for the traces of a file. */
export const keptRollouts = (file: string): KeptRollouts =>
  new KeptRollouts(join(ROOT, '.cache', 'rollouts', `${parse(file).name}.jsonl`));

/** Rewards that are made of rollouts beside those that are not, on the traces that were sampled; none where there are too few. */
export function rolloutTables(
  file: string,
  subjects: readonly Subject[],
  kept: Kept,
  rollouts = keptRollouts(file),
): Table[] {
  const sampled = subjects.filter(({ id, trajectory }) => rollouts.ofTrace(id, trajectory.steps.length));
  const likelihoods = (estimator: AnswerEstimator, count: number): RewardOf =>
    cpmi({ ...DEFAULT_VARIANT, estimator, templates: firstTemplates(count) });
  const rows = [
    { label: 'Monte Carlo, 8 rollouts', of: monteCarlo(rollouts) },
    { label: 'PAV, 8 rollouts and 4 of a prover', of: pav(rollouts) },
    { label: 'CPMI, lasting, K = 1', of: likelihoods('lasting', 1) },
    { label: 'CPMI, marginal, K = 1', of: likelihoods('marginal', 1) },
    { label: 'CPMI, marginal, K = 4', of: likelihoods('marginal', 4) },
  ];
  const measured = measureRows(rows, sampled, kept);
  return measured.length > 0
    ? [aucTable('rollouts', 'Rewards made of rollouts, on the traces that were sampled', measured)]
    : [];
}
