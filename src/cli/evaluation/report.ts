import type { Estimate, Evaluation, GroupMeasures, StepMeasures } from '../../evaluation';
import { table } from '../table';
import { printable } from '../terminal';

/** One reward's results. */
export interface Measured {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** The tables of an evaluation as text: a column a reward. All intervals are 95 % bootstrap intervals over traces. */
export function renderEvaluation(measured: readonly Measured[]): string {
  const first = measured[0]?.evaluation;
  if (!first) return '';
  return [
    aucSection('Step ROC-AUC, steps up to and including the first error', measured, (m) => m.allSteps),
    aucSection("The same without each trace's last step", measured, (m) => m.withoutLast),
    lengthSection(measured),
    baselineSection(first.overall),
    addedSection(measured),
    processBenchSection(measured),
  ].join('\n');
}

interface Group {
  readonly label: string;
  readonly of: (evaluation: Evaluation) => GroupMeasures | undefined;
}

/** Overall and, where there is more than one, each task. */
function groupsOf({ byTask }: Evaluation): Group[] {
  const overall: Group = { label: 'overall', of: (evaluation) => evaluation.overall };
  if (byTask.length < 2) return [overall];
  const tasks = byTask.map(
    ({ task }, i): Group => ({
      label: `  ${printable(task)}`,
      of: (evaluation) => evaluation.byTask[i],
    }),
  );
  return [overall, ...tasks];
}

function aucSection(
  title: string,
  measured: readonly Measured[],
  part: (measures: GroupMeasures) => StepMeasures,
): string {
  const rows = groupsOf(mustHave(measured)).map(({ label, of }) => {
    const group = of(mustHave(measured));
    const { correctSteps = 0, wrongSteps = 0 } = group ? part(group).auc : {};
    const values = measured.map(({ evaluation }) => {
      const found = of(evaluation);
      return interval(found && part(found).auc);
    });
    return [label, String(group?.trajectories ?? 0), String(correctSteps), String(wrongSteps), ...values];
  });
  const head = ['', 'traces', 'correct', 'wrong', ...measured.map(({ name }) => name)];
  return `${title}\n${table([head, ...rows], '  ')}`;
}

function lengthSection(measured: readonly Measured[]): string {
  const rows = [
    ['all steps', ...measured.map((m) => interval(m.evaluation.overall.allSteps.lengthStratified?.pooled))],
    [
      'without the last',
      ...measured.map((m) => interval(m.evaluation.overall.withoutLast.lengthStratified?.pooled)),
    ],
  ];
  const head = ['', ...measured.map(({ name }) => name)];
  return `Step ROC-AUC among steps of similar length (quintiles)\n${table([head, ...rows], '  ')}`;
}

function baselineSection({ allSteps, withoutLast }: GroupMeasures): string {
  const rows = allSteps.baselines.map(({ name, auc }, i) => [
    name,
    interval(auc),
    interval(withoutLast.baselines[i]?.auc),
  ]);
  const head = ['', 'all steps', 'without the last'];
  return `Step ROC-AUC of what needs no model\n${table([head, ...rows], '  ')}`;
}

function addedSection(measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ name, evaluation }) =>
    (['allSteps', 'withoutLast'] as const).map((part) => {
      const { added } = evaluation.overall[part];
      const label = `${name}, ${part === 'allSteps' ? 'all steps' : 'without the last'}`;
      if (!added) return [label, '–', '–', '–'];
      return [label, interval(added.features), interval(added.withReward), interval(added.gain, true)];
    }),
  );
  const head = ['', 'without it', 'with it', 'gain'];
  return `What the reward adds to those (logistic regression, cross-validated AUC)\n${table([head, ...rows], '  ')}`;
}

function processBenchSection(measured: readonly Measured[]): string {
  const known = measured.filter(({ evaluation }) => evaluation.threshold !== null);
  if (known.length === 0) {
    return 'ProcessBench F1: needs a threshold; --tune FILE finds one on other labelled traces, --threshold sets it\n';
  }
  const rows = known.flatMap(({ name, evaluation }) =>
    groupsOf(evaluation).map(({ label, of }) => {
      const result = of(evaluation)?.processBench;
      return [
        label.startsWith(' ') ? label : `${name} ${label}`,
        (evaluation.threshold ?? 0).toFixed(3),
        share(result?.faultyAccuracy),
        share(result?.errorFreeAccuracy),
        interval(result?.f1),
      ];
    }),
  );
  const head = ['', 'threshold', 'first error found', 'error-free kept', 'F1'];
  return `ProcessBench (first step under the threshold)\n${table([head, ...rows], '  ')}`;
}

/** `0.612 [0.571, 0.650]`, a dash where the data can't give it. */
export function interval(estimate: Estimate | null | undefined, signed = false): string {
  if (!estimate || estimate.value === null) return '–';
  const digits = (value: number) => `${signed && value > 0 ? '+' : ''}${value.toFixed(3)}`;
  const { value, low, high } = estimate;
  return low === null || high === null ? digits(value) : `${digits(value)} [${digits(low)}, ${digits(high)}]`;
}

const share = (value: number | null | undefined): string => (value == null ? '–' : value.toFixed(3));

function mustHave(measured: readonly Measured[]): Evaluation {
  const first = measured[0];
  if (!first) throw new RangeError('nothing was measured');
  return first.evaluation;
}
