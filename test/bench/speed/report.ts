import { ENTRIES, OURS, RATIOS, type RatioName } from './entries';
import type { Plan, Run } from './measure';
import type { PeakShare } from './peak-share';
import { mean, type Spread, spreadOf } from './statistics';

export interface Result {
  readonly machine: string;
  readonly plan: Plan;
  readonly runs: readonly Run[];
  readonly peakShare: PeakShare;
}

/** An entry over all its rounds. */
interface Row {
  readonly name: string;
  readonly traces: number;
  readonly secondsPerTrace: Spread;
  /** Seconds a trace over ours on the same traces of the same round. */
  readonly ratio: Spread;
  /** A trace's mean. */
  readonly positions: number;
  readonly generatedTokens: number;
  readonly peakMemoryMB: number;
}

function rows({ runs }: Result): Row[] {
  return ENTRIES.flatMap(({ name }) => {
    const own = runs.filter((run) => run.entry.name === name);
    if (own.length === 0) return [];
    const traces = own.reduce((sum, run) => sum + run.traces.length, 0);
    const each = (total: (run: Run) => number) => own.reduce((sum, run) => sum + total(run), 0) / traces;
    return {
      name,
      traces,
      secondsPerTrace: spreadOf(own.map((run) => mean(run.outcome.seconds))),
      ratio: spreadOf(own.map((run) => mean(run.outcome.seconds) / run.ours)),
      positions: Math.round(each((run) => run.outcome.positions)),
      generatedTokens: Math.round(each((run) => run.outcome.generatedTokens)),
      peakMemoryMB: Math.round(Math.max(...own.map((run) => run.outcome.peakMemoryMB))),
    };
  });
}

/** Theirs ÷ ours on the same traces, the median of the rounds; of several ways of one contestant the fastest. */
function ratios(all: readonly Row[]): Record<RatioName, number | null> {
  const ratio = (name: RatioName) => {
    const ways = ENTRIES.filter((entry) => entry.ratio === name).map((entry) => entry.name);
    const found = all.filter((row) => ways.includes(row.name)).map((row) => row.ratio.median);
    return found.length ? rounded(Math.min(...found)) : null;
  };
  return Object.fromEntries(RATIOS.map((name) => [name, ratio(name)])) as Record<RatioName, number | null>;
}

/** What `--json` prints. Positions, tokens and seconds are of a trace. */
export function asJson(result: Result): object {
  const all = rows(result);
  const { fp32, int8 } = result.peakShare;
  return {
    machine: result.machine,
    workload: workload(result),
    contestants: all.map(({ ratio, secondsPerTrace, ...row }) => ({
      ...row,
      secondsPerTrace: roundedSpread(secondsPerTrace),
      timesOurs: roundedSpread(ratio),
    })),
    ratios: ratios(all),
    peakShare: { fp32: rounded(fp32), int8: rounded(int8) },
  };
}

/** The same for people, as Markdown: ratios first. */
export function asTables(result: Result): string {
  const all = rows(result);
  const { fp32, int8, peak } = result.peakShare;
  const spread = ({ median, min, max }: Spread) => `${figure(median)} (${figure(min)}–${figure(max)})`;
  const table = (head: readonly string[], body: readonly (readonly (string | number)[])[]) =>
    [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `${[
    `Machine: ${result.machine}`,
    `Workload: ${workload(result)}`,
    table(
      ['theirs ÷ Steplens, incremental', 'times as long'],
      RATIOS.map((name) => [name, ratios(all)[name] ?? 'not measured']),
    ),
    table(
      ['contestant', '÷ ours', 's a trace', 'traces', 'positions', 'generated', 'peak MB'],
      all.map((row) => [
        row.name,
        row.name === OURS ? '1' : spread(row.ratio),
        spread(row.secondsPerTrace),
        row.traces,
        row.positions,
        row.generatedTokens,
        row.peakMemoryMB,
      ]),
    ),
    `Share of what ONNX Runtime reaches here in bare matrix products: ${percent(fp32)} of ${peak.fp32.toFixed(0)} GFLOP/s in 32 bits, ` +
      `${percent(int8)} of ${peak.int8.toFixed(0)} GOP/s in 8 bits.`,
  ].join('\n\n')}\n`;
}

function workload({ plan, runs }: Result): string {
  const done = Math.max(
    0,
    ...ENTRIES.map(({ name }) => runs.filter((run) => run.entry.name === name).length),
  );
  const traces = plan.rounds.slice(0, done).reduce((sum, round) => sum + round.length, 0);
  const file = plan.file.split(/[/\\]/).at(-1);
  return `${traces} traces of ${file} in ${done} rounds, K = 4, M = 4, bundled model; slow contestants one trace a round`;
}

/** Without a run in that precision there is no share. */
const percent = (share: number) => (Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : '–');
const figure = (value: number) => value.toPrecision(3).replace(/e\+?/, 'e');
const rounded = (value: number) => Number(value.toPrecision(4));
const roundedSpread = ({ median, min, max }: Spread): Spread => ({
  median: rounded(median),
  min: rounded(min),
  max: rounded(max),
});
