import { evaluateRewards } from '../../evaluation';
import type { Measured } from './report';
import type { EvaluationFile, EvaluationTrace } from './traces';

/**
 * Evaluates CPMI and, from the same numbers, PMI.
 * @param weight w of the rewards; 0 makes them PMI
 */
export function measure(
  traces: readonly EvaluationTrace[],
  tuning: readonly EvaluationTrace[] | undefined,
  weight: number,
  threshold: number | undefined,
): (Measured & { readonly key: string })[] {
  const tuneOn = (rewards: (trace: EvaluationTrace) => readonly number[] | undefined) =>
    tuning ? { tuneOn: tuning.map((trace) => ({ ...trace, rewards: rewards(trace) ?? [] })) } : {};
  const given = threshold === undefined ? {} : { threshold };
  const cpmi = evaluateRewards(traces, { ...given, ...tuneOn((trace) => trace.rewards) });
  const name = weight === 1 ? 'CPMI' : `CPMI (w = ${weight})`;
  if (weight === 0) return [{ key: 'pmi', name: 'PMI', evaluation: cpmi }];
  const result = [{ key: 'cpmi', name, evaluation: cpmi }];
  if (!traces.every((trace) => trace.goldGains)) return result;
  // A threshold given for one reward says nothing of another.
  const pmi = evaluateRewards(
    traces.map((trace) => ({ ...trace, rewards: trace.goldGains ?? [] })),
    tuneOn((trace) => trace.goldGains),
  );
  return [...result, { key: 'pmi', name: 'PMI', evaluation: pmi }];
}

/** What the files gave. */
export interface Counts {
  readonly traces: number;
  readonly withError: number;
  readonly unlabelled: number;
  readonly notScored: number;
  readonly brokenRecords: number;
  readonly leftOut: number;
}

export function countsOf(found: readonly EvaluationFile[], measured: readonly Measured[]): Counts {
  const sum = (of: (file: EvaluationFile) => number) => found.reduce((total, file) => total + of(file), 0);
  return {
    traces: sum(({ traces }) => traces.length),
    withError: sum(({ traces }) => traces.filter(({ firstError }) => firstError >= 0).length),
    unlabelled: sum((file) => file.unlabelled),
    notScored: sum((file) => file.notScored),
    brokenRecords: sum((file) => file.brokenRecords),
    leftOut: measured[0]?.evaluation.leftOut.length ?? 0,
  };
}

/** The counts as one line. */
export function summary({
  traces,
  withError,
  unlabelled,
  notScored,
  brokenRecords,
  leftOut,
}: Counts): string {
  const aside = [
    ...(unlabelled > 0 ? [`${unlabelled} without labels`] : []),
    ...(notScored > 0 ? [`${notScored} not scored`] : []),
    ...(brokenRecords > 0 ? [`${brokenRecords} records not read`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
  ];
  const rest = aside.length > 0 ? `; besides ${aside.join(', ')}` : '';
  return `${traces} labelled traces, ${withError} with an error${rest}`;
}
