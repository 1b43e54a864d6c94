import { interval } from '../../../src/cli/evaluation/report';
import type { Kept } from '../likelihoods/kept';
import { difference, measure } from '../measures/measure';
import { toEvaluated } from '../rewards/reward-of';
import type { Subject } from '../subjects';
import type { Table } from '../tables/markdown';
import { CANDIDATES, LEARNED_FROM } from './candidates';
import { learnedTable } from './learned';
import { type Contestant, type SplitHalf, splitHalf } from './split-half';

export interface Search {
  readonly tables: readonly Table[];
  readonly split: SplitHalf;
  readonly tried: number;
  readonly traces: number;
}

/** Measures all candidates on the traces that every one of them can score; undefined where those are too few. */
export function search(subjects: readonly Subject[], kept: Kept): Search | undefined {
  const scores = CANDIDATES.map(({ of }) => of(subjects, kept));
  const known = [...subjects.keys()].filter((i) => scores.every((of) => of[i] !== undefined));
  if (known.length < 20) return undefined;
  const contestants: Contestant[] = CANDIDATES.map(({ name }, c) => ({
    name,
    traces: known.map((i) => toEvaluated(subjects[i] as Subject, scores[c]?.[i] ?? [])),
  }));
  const [reference] = contestants;
  const measured = contestants.map(({ name, traces }) => ({
    name,
    measures: measure(traces),
    more: difference(traces, reference?.traces ?? []),
  }));
  const groups = [...new Set(measured.flatMap(({ measures }) => [...measures.byGroup.keys()]))].sort();
  const rows = measured
    .sort((a, b) => (b.measures.withoutLast.value ?? 0) - (a.measures.withoutLast.value ?? 0))
    .map(({ name, measures, more }) => [
      name,
      interval(measures.allSteps),
      interval(measures.withoutLast),
      interval(more, true),
      interval(measures.likeLength),
      ...groups.map((group) => measures.byGroup.get(group)?.value?.toFixed(3) ?? '–'),
      interval(measures.added, true),
      interval(measures.firstErrors?.f1),
    ]);
  const head = [
    'reward',
    'step AUC',
    'without last steps',
    'than the default',
    'of like length',
    ...groups,
    'added to features',
    'F1',
  ];
  return {
    tables: [
      { name: 'search', title: 'Other rewards from the same model', rows: [head, ...rows] },
      learnedTable(contestants.filter(({ name }) => LEARNED_FROM.has(name))),
    ],
    split: splitHalf(contestants),
    tried: contestants.length,
    traces: known.length,
  };
}
