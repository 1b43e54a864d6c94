import { interval } from '../../../src/cli/evaluation/report';
import { ANSWER_ESTIMATORS, type AnswerEstimator } from '../../../src/cpmi/settings';
import type { Estimate, EvaluatedTrajectory } from '../../../src/evaluation';
import type { Kept } from '../likelihoods/kept';
import { difference, type Measures, measure } from '../measures/measure';
import { cpmi, type RewardOf, scoreAll } from '../rewards/reward-of';
import { DEFAULT_VARIANT, firstNegatives, firstTemplates, ofOrigin, type Variant } from '../rewards/variant';
import type { Subject } from '../subjects';
import type { Table } from './markdown';

/** A reward as a row of the tables. */
export interface Row {
  readonly label: string;
  readonly of: RewardOf;
}

export interface MeasuredRow {
  readonly label: string;
  readonly measures: Measures;
  /** The step AUC without last steps, less that of the default on the same traces. */
  readonly difference: Estimate;
}

/** Every estimator with one and four templates, by weights of the contrast. */
const estimatorRows = (...weights: readonly number[]): Row[] =>
  ANSWER_ESTIMATORS.flatMap((estimator) =>
    [1, 4].flatMap((count) =>
      weights.map((weight) => ({
        label: `${weight === 0 ? 'PMI' : 'CPMI'}, ${estimator}, K = ${count}`,
        of: cpmi({ ...DEFAULT_VARIANT, estimator, templates: firstTemplates(count), weight }),
      })),
    ),
  );

export const CPMI_ROWS = estimatorRows(1);
export const CPMI_AND_PMI_ROWS = estimatorRows(1, 0);

/** The default with one setting changed. */
export function settingRows(estimator: AnswerEstimator): Row[] {
  const base: Variant = { ...DEFAULT_VARIANT, estimator };
  const change = (label: string, by: Partial<Variant>): Row => ({ label, of: cpmi({ ...base, ...by }) });
  return [
    change(`${estimator}: K = 1, M = 4, w = 1, per token`, {}),
    ...[2, 3, 4].map((count) => change(`K = ${count}`, { templates: firstTemplates(count) })),
    ...[1, 4].map((count) =>
      change(`templates after the steps, K = ${count}`, {
        templates: firstTemplates(count),
        templatePosition: 'after',
      }),
    ),
    ...[1, 2, 3].map((k) => change(`template ${k + 1} alone`, { templates: [k] })),
    ...[1, 2, 8].map((count) => change(`M = ${count}`, { negatives: firstNegatives(count) })),
    ...[0, 0.5, 0.8, 1.2, 2].map((weight) => change(`w = ${weight}`, { weight })),
    change('sum over tokens', { perToken: false }),
    ...(['sibling', 'intermediate', 'perturbation', 'option'] as const).map((origin) => {
      const negatives = ofOrigin(origin);
      const of = cpmi({ ...base, negatives });
      // A trace that has none would be measured by PMI.
      const where: RewardOf = (subject, kept) =>
        negatives(subject.negatives).length > 0 ? of(subject, kept) : undefined;
      return { label: `${origin} negatives alone`, of: where };
    }),
  ];
}

/** Fewer traces than this say nothing. */
const FEWEST = 10;

/** Measures each row on the traces that its answers are known of. */
export function measureRows(
  rows: readonly Row[],
  subjects: readonly Subject[],
  kept: Kept,
  reference: RewardOf = cpmi(DEFAULT_VARIANT),
): MeasuredRow[] {
  const byId = new Map(scoreAll(subjects, kept, reference).map((trace) => [trace.id, trace]));
  return rows.flatMap(({ label, of }) => {
    const traces = scoreAll(subjects, kept, of).filter(({ id }) => byId.has(id));
    if (traces.length < FEWEST) return [];
    const others = traces.map(({ id }) => byId.get(id) as EvaluatedTrajectory);
    return [{ label, measures: measure(traces), difference: difference(traces, others) }];
  });
}

/** How well the rewards tell right steps from first errors. */
export function aucTable(name: string, title: string, measured: readonly MeasuredRow[]): Table {
  const groups = [...new Set(measured.flatMap(({ measures }) => [...measures.byGroup.keys()]))].sort();
  const head = [
    'reward',
    'traces',
    'all steps',
    'without last steps',
    'difference from the default',
    'steps of like length',
    ...groups,
    'added to features',
  ];
  const rows = measured.map(({ label, measures, difference: more }) => [
    label,
    String(measures.traces),
    interval(measures.allSteps),
    interval(measures.withoutLast),
    interval(more, true),
    interval(measures.likeLength),
    ...groups.map((group) => digits(measures.byGroup.get(group)?.value)),
    interval(measures.added, true),
  ]);
  return { name, title, rows: [head, ...rows] };
}

/** How well they find the first error of a trace. */
export function firstErrorTable(name: string, title: string, measured: readonly MeasuredRow[]): Table {
  const head = [
    'reward',
    'traces',
    'first error found',
    'error-free kept',
    'F1',
    'lowest step is the first error',
  ];
  const rows = measured.map(({ label, measures: { traces, firstErrors, lowest } }) => [
    label,
    String(traces),
    digits(firstErrors?.faultyAccuracy),
    digits(firstErrors?.errorFreeAccuracy),
    interval(firstErrors?.f1),
    interval(lowest),
  ]);
  return { name, title, rows: [head, ...rows] };
}

const digits = (value: number | null | undefined): string => (value == null ? '–' : value.toFixed(3));
