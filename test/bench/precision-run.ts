import { rewards } from '../../src/cpmi/reward';
import { prepare } from '../../src/cpmi/score-trajectory';
import { DEFAULT_SETTINGS } from '../../src/cpmi/settings';
import { readTrajectories, type Trajectory } from '../../src/trajectory';
import { megabytesOf, openPlace, peakMegabytes } from './models/open';

/** What one stored precision gives on some traces of a file; printed as JSON for precision.ts to compare. */
export interface PrecisionRun {
  readonly megabytes: number;
  readonly loadSeconds: number;
  readonly seconds: number;
  readonly positions: number;
  readonly peakMegabytes: number;
  /** Per trace: mean log-likelihood in nats per token of each request, in order. */
  readonly likelihoods: readonly (readonly number[])[];
  readonly traces: readonly {
    readonly id: string;
    readonly task: string;
    readonly rewards: readonly number[];
    readonly firstError: number;
  }[];
}

/**
 * A process of its own per precision, so that its peak memory is its own.
 * Usage: precision-run.ts PLACE FILE COUNT [chat], where PLACE is a model folder or a server as `URL@PID`
 */
async function main([place = '', file = '', count = '50', chat]: string[]): Promise<PrecisionRun> {
  const started = performance.now();
  const model = await openPlace(place);
  const loaded = performance.now();
  const settings = {
    ...DEFAULT_SETTINGS,
    estimator: 'marginal' as const, // each step's own difference, where the best of a trace would hide those of others
    templates: 1,
    ...(chat === 'chat' ? { chat: true as const } : {}),
  };
  const likelihoods: number[][] = [];
  const traces: PrecisionRun['traces'][number][] = [];
  let positions = 0;
  for (const trajectory of await spread(file, Number(count))) {
    const { id, task = '', firstError = -1 } = trajectory;
    const { plan } = prepare(trajectory, settings);
    const scored = await model.score(plan.requests);
    positions += scored.work.computedPositions;
    likelihoods.push(scored.likelihoods.map((l) => l.logProb / l.tokens));
    const steps = rewards(plan, scored.likelihoods, settings.negativeWeight);
    traces.push({ id, task, firstError, rewards: steps.map((s) => s.reward) });
  }
  const seconds = (performance.now() - loaded) / 1000;
  await model.dispose();
  return {
    megabytes: megabytesOf(place),
    loadSeconds: (loaded - started) / 1000,
    seconds,
    positions,
    peakMegabytes: peakMegabytes(place),
    likelihoods,
    traces,
  };
}

/** So many trajectories of the file, evenly spread over it: data sets are sorted by task. */
async function spread(file: string, count: number): Promise<Trajectory[]> {
  const all: Trajectory[] = [];
  for await (const item of readTrajectories({ path: file }))
    if ('trajectory' in item) all.push(item.trajectory);
  return all.filter(
    (_, i) => Math.floor((i * count) / all.length) !== Math.floor(((i - 1) * count) / all.length),
  );
}

void main(process.argv.slice(2)).then((run) => process.stdout.write(JSON.stringify(run)));
