import type { AnswerEstimator } from '../../../src/cpmi/settings';
import { cpmi, type RewardOf } from '../rewards/reward-of';
import { DEFAULT_VARIANT } from '../rewards/variant';
import { type Around, around, lead, logSumExp, mean, median } from './beliefs';
import { combined, each, logLength, position, residual, type ScoreAll, withinTrace } from './scores';
import { hinted, likely } from './words';

/** A way to make a better reward of what the model answers. */
export interface Candidate {
  readonly name: string;
  readonly of: ScoreAll;
}

const plain = (estimator: AnswerEstimator): ScoreAll => each(cpmi({ ...DEFAULT_VARIANT, estimator }));

/** The change of a number that is made of all answers' likelihoods. */
const change =
  (estimator: AnswerEstimator, of: (answers: readonly number[]) => number, sum = false): RewardOf =>
  (subject, kept) =>
    around(subject, kept, estimator, sum)?.map(({ before, after }) => of(after) - of(before));

const logShare = (answers: readonly number[]): number => (answers[0] ?? 0) - logSumExp(answers);
const share = (answers: readonly number[]): number => Math.exp(logShare(answers));
const logit = (answers: readonly number[]): number => lead(logSumExp)(answers);

/** Ways to contrast gold with the wrong answers. */
function contrasts(estimator: AnswerEstimator): Candidate[] {
  const candidate = (name: string, of: RewardOf): Candidate => ({
    name: `${estimator}: ${name}`,
    of: each(of),
  });
  return [
    candidate('gain over the wrong answer that gains most', (subject, kept) =>
      around(subject, kept, estimator)?.map(({ before, after }) =>
        lead((negatives) => Math.max(...negatives))(after.map((value, a) => value - (before[a] ?? 0))),
      ),
    ),
    candidate(
      'lead over the likeliest wrong answer',
      change(
        estimator,
        lead((n) => Math.max(...n)),
      ),
    ),
    candidate('lead over the median wrong answer', change(estimator, lead(median))),
    candidate('share of gold among the answers', change(estimator, share, true)),
    candidate('log share of gold', change(estimator, logShare, true)),
    candidate('log share of gold, per token', change(estimator, logShare)),
    candidate('log odds of gold, per token', change(estimator, logit)),
    candidate('level after the step', (subject, kept) =>
      around(subject, kept, estimator)?.map(({ after }) => lead(mean)(after)),
    ),
    { name: `${estimator}: centred in the trace`, of: withinTrace(plain(estimator), 'centred') },
    { name: `${estimator}: robust z in the trace`, of: withinTrace(plain(estimator), 'z') },
    { name: `${estimator}: rank in the trace`, of: withinTrace(plain(estimator), 'rank') },
    { name: `${estimator}: without what length explains`, of: residual(plain(estimator), logLength) },
    { name: `${estimator}: without what position explains`, of: residual(plain(estimator), position) },
  ];
}

/** What the belief does after a step, in the trace as it was written: V₀ is that of the question alone. */
function shapes(): Candidate[] {
  const shape = (name: string, of: (beliefs: readonly number[], step: number) => number): Candidate => ({
    name: `incremental: ${name}`,
    of: each((subject, kept) => {
      const steps = around(subject, kept, 'incremental');
      const beliefs = steps && [startOf(steps), ...steps.map(({ after }) => lead(mean)(after))];
      return beliefs && steps.map((_, step) => of(beliefs, step + 1));
    }),
  });
  return [
    shape('mean of all that follows, less before', (v, i) => mean(v.slice(i)) - (v[i - 1] ?? 0)),
    shape('mean of this and the next two, less before', (v, i) => mean(v.slice(i, i + 3)) - (v[i - 1] ?? 0)),
    shape(
      'mean of all that follows, less mean of all before',
      (v, i) => mean(v.slice(i)) - mean(v.slice(0, i)),
    ),
    shape('end of the trace, less before', (v, i) => (v.at(-1) ?? 0) - (v[i - 1] ?? 0)),
    shape('best that follows, less before', (v, i) => Math.max(...v.slice(i)) - (v[i - 1] ?? 0)),
    shape('level after the step, less that of the question', (v, i) => (v[i] ?? 0) - (v[0] ?? 0)),
  ];
}

const startOf = ([first]: readonly Around[]): number => (first ? lead(mean)(first.before) : 0);

const [lasting, marginal, incremental, leaveOneOut] = (
  ['lasting', 'marginal', 'incremental', 'leave-one-out'] as const
).map(plain) as [ScoreAll, ScoreAll, ScoreAll, ScoreAll];

const combinations: readonly Candidate[] = [
  { name: 'lasting + marginal', of: combined([lasting, marginal]) },
  { name: 'lasting + leave-one-out', of: combined([lasting, leaveOneOut]) },
  { name: 'marginal + incremental', of: combined([marginal, incremental]) },
  { name: 'marginal + leave-one-out', of: combined([marginal, leaveOneOut]) },
  { name: 'incremental + leave-one-out', of: combined([incremental, leaveOneOut]) },
  { name: 'marginal, incremental, leave-one-out', of: combined([marginal, incremental, leaveOneOut]) },
  { name: 'all estimators', of: combined([lasting, marginal, incremental, leaveOneOut]) },
];

/** The steps' own likelihood, alone, and with hints. */
const words: readonly Candidate[] = (['all', 'numbers'] as const).flatMap((pick) =>
  (['mean', 'sum', 'lowest', 'lowest three'] as const).flatMap((how) => [
    { name: `words: likelihood (${pick}, ${how})`, of: each(likely(pick, how)) },
    { name: `words: gold hint against none (${pick}, ${how})`, of: each(hinted(pick, how, false)) },
    { name: `words: gold hint against wrong hints (${pick}, ${how})`, of: each(hinted(pick, how, true)) },
  ]),
);

const likelihood = each(likely('all', 'mean'));
const reversed = each(hinted('all', 'mean', true));

const withWords: readonly Candidate[] = [
  { name: 'marginal + likelihood of words', of: combined([marginal, likelihood]) },
  { name: 'marginal + hints', of: combined([marginal, reversed]) },
  { name: 'likelihood of words + hints', of: combined([likelihood, reversed]) },
  { name: 'marginal + likelihood of words + hints', of: combined([marginal, likelihood, reversed]) },
  {
    name: 'all estimators + likelihood of words + hints',
    of: combined([lasting, marginal, incremental, leaveOneOut, likelihood, reversed]),
  },
];

/** All that was tried; the first is the default. */
export const CANDIDATES: readonly Candidate[] = [
  { name: 'default: lasting', of: lasting },
  { name: 'marginal', of: marginal },
  { name: 'incremental', of: incremental },
  { name: 'leave-one-out', of: leaveOneOut },
  ...contrasts('marginal'),
  ...contrasts('incremental'),
  ...contrasts('leave-one-out'),
  ...shapes(),
  ...combinations,
  ...words,
  ...withWords,
];

/** Which of them a regression is fitted on: one of each kind. */
export const LEARNED_FROM: ReadonlySet<string> = new Set([
  'default: lasting',
  'marginal',
  'incremental',
  'leave-one-out',
  'incremental: mean of all that follows, less before',
  'words: likelihood (all, mean)',
  'words: likelihood (numbers, lowest)',
  'words: gold hint against wrong hints (all, mean)',
]);
