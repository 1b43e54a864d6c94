import type { LabelBalance, LabelStats, OutcomeStats, PositionStats } from './collect';
import type { Agreement } from './kappa';
import type { Summary } from './summary';

/** A table of statistics, for terminals and pages alike: the first row is its head, the first column names the rows. */
export interface StatsTable {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

const OUTCOME_NAMES = { right: 'right answer', wrong: 'wrong answer', unknown: 'answer not known' } as const;

/** `3`, `11–15`, `101+`. */
export function positionName({ from, to }: Pick<PositionStats, 'from' | 'to'>): string {
  if (to === null) return `${from}+`;
  return from === to ? String(from) : `${from}–${to}`;
}

export const outcomeName = ({ outcome }: Pick<OutcomeStats, 'outcome'>): string => OUTCOME_NAMES[outcome];

/** All tables of the statistics. */
export function statsTables(stats: LabelStats): StatsTable[] {
  const spread = ['steps', 'mean', 'p5', 'p25', 'median', 'p75', 'p95'];
  const verdicts = ['correct', 'neutral', 'incorrect'];
  return [
    {
      title: 'Rewards by step, in nats per token',
      rows: [
        ['step', ...spread, ...verdicts],
        ...stats.byPosition.map((group) => [
          positionName(group),
          ...summaryCells(group.rewards),
          ...balanceCells(group.labels),
        ]),
        ['all', ...summaryCells(stats.rewards), ...balanceCells(stats.labels)],
      ],
    },
    {
      title: 'Rewards by outcome',
      rows: [
        ['trace ends in', 'traces', ...spread, 'lowest step', ...verdicts],
        ...stats.byOutcome.map((group) => [
          outcomeName(group),
          String(group.traces),
          ...summaryCells(group.rewards),
          digits(group.lowest.median),
          ...balanceCells(group.labels),
        ]),
      ],
    },
    {
      title: 'Agreement of the model with other labels',
      rows: [
        [
          'labels of',
          'steps',
          'both correct',
          'both wrong',
          'only model correct',
          'only model wrong',
          'agree',
          "Cohen's κ",
        ],
        ['people', ...agreementCells(stats.agreement.human)],
        ['the trace file', ...agreementCells(stats.agreement.given)],
      ],
    },
  ];
}

/** The counts of a file as one line. */
export function statsLine({ traces, steps, labels, tracesWithIncorrect, models }: LabelStats): string {
  const human = labels.byHuman > 0 ? `, ${labels.byHuman} labels set by people` : '';
  const by = models.length > 0 ? `, scored by ${models.join(', ')}` : '';
  return `${traces} traces, ${steps} steps, ${tracesWithIncorrect} traces with an incorrect step${human}${by}`;
}

/** Three decimals; what rounds to nothing has no sign. */
export const digits = (value: number | null): string =>
  value === null ? '–' : value.toFixed(3).replace(/^-(?=[0.]+$)/, '');

const summaryCells = ({ count, mean, p5, p25, median, p75, p95 }: Summary): string[] => [
  String(count),
  ...[mean, p5, p25, median, p75, p95].map(digits),
];

function balanceCells({ correct, neutral, incorrect }: LabelBalance): string[] {
  const all = correct + neutral + incorrect;
  const share = (count: number) => (all === 0 ? '–' : `${((100 * count) / all).toFixed(1)} %`);
  return [correct, neutral, incorrect].map(share);
}

function agreementCells(agreement: Agreement): string[] {
  const { steps, bothCorrect, bothIncorrect, modelCorrect, modelIncorrect, observed, kappa } = agreement;
  return [
    ...[steps, bothCorrect, bothIncorrect, modelCorrect, modelIncorrect].map(String),
    digits(observed),
    digits(kappa),
  ];
}
