/**
 * npm run simulate:cluster [-- --traces 5000]
 *
 * Labels traces on a stub cluster with faults (endpoints.ts) through the product's own code, and holds every reward
 * against what the stub model has to give. Loopback only; ends by itself after MAX_MINUTES whatever happens.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { labelFile, readStored } from '../../../src/labels';
import type { LikelihoodModel, ScoreResult } from '../../../src/likelihood/likelihood-model';
import { openServer } from '../../../src/likelihood/server';
import { expected } from '../../support/stub-language';
import { CLUSTER } from './endpoints';
import { traceOf } from './traces';

const MAX_MINUTES = 15;
const SETTINGS = { ...DEFAULT_SETTINGS, templates: 1, negatives: 0 };
const JOBS = 16 * CLUSTER.endpoints;

/** The stub's model without a server: what each reward has to be. */
const reference: LikelihoodModel = {
  id: { name: 'stub-model', sha256: '' },
  window: 4096,
  judges: false,
  async score(requests): Promise<ScoreResult> {
    const work = { naivePositions: 0, distinctPositions: 0, computedPositions: 0, passes: 0 };
    return { likelihoods: requests.map((request) => expected(request)), work };
  },
  async dispose() {},
};

async function rewardsIn(path: string): Promise<Map<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>();
  for await (const item of readStored(path)) {
    if ('problem' in item) throw new Error(item.problem.reason);
    if (found.has(item.trace.id)) throw new Error(`${item.trace.id} is there twice`);
    found.set(
      item.trace.id,
      item.trace.steps.map((step) => step.reward),
    );
  }
  return found;
}

async function main(): Promise<void> {
  const at = process.argv.indexOf('--traces');
  const traces = at > 0 ? Number(process.argv[at + 1]) : 5_000;
  const folder = mkdtempSync(join(tmpdir(), 'steplens-cluster-'));
  const cluster = spawn(process.execPath, ['--import', 'tsx', resolve(__dirname, 'endpoints.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const limit = setTimeout(() => {
    console.error(`not done after ${MAX_MINUTES} minutes`);
    cluster.kill();
    process.exit(1);
  }, MAX_MINUTES * 60_000);
  try {
    const source = join(folder, 'traces.jsonl');
    writeFileSync(
      source,
      Array.from({ length: traces }, (_, i) => `${JSON.stringify(traceOf(i))}\n`).join(''),
    );
    const [line = '[]'] = await first(createInterface({ input: cluster.stdout }));
    const urls = JSON.parse(line) as string[];
    const { model } = await openServer({ urls, concurrency: CLUSTER.slots, timeoutMs: 10_000 });
    const started = performance.now();
    const { made } = await labelFile({
      source,
      out: join(folder, 'served.jsonl'),
      model,
      settings: SETTINGS,
      jobs: JOBS,
    });
    const seconds = (performance.now() - started) / 1000;
    await labelFile({ source, out: join(folder, 'reference.jsonl'), model: reference, settings: SETTINGS });
    compare(
      await rewardsIn(join(folder, 'served.jsonl')),
      await rewardsIn(join(folder, 'reference.jsonl')),
      traces,
    );
    report(traces, made.cost.passes, seconds);
  } finally {
    clearTimeout(limit);
    cluster.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function compare(
  served: ReadonlyMap<string, readonly number[]>,
  right: ReadonlyMap<string, readonly number[]>,
  traces: number,
): void {
  if (served.size !== traces || right.size !== traces)
    throw new Error(`${served.size} of ${traces} traces are there`);
  for (const [id, rewards] of right) {
    const found = served.get(id) ?? [];
    const same =
      found.length === rewards.length &&
      rewards.every((reward, i) => Math.abs(reward - (found[i] ?? 9)) < 1e-9);
    if (!same) throw new Error(`${id}: rewards ${found.join(', ')} instead of ${rewards.join(', ')}`);
  }
}

/**
 * The ideal: every question once, no errors, no waiting, and every endpoint busy from the first second to the last (the
 * one that dies until it does).
 */
function report(traces: number, questions: number, seconds: number): void {
  const { endpoints, slots, serviceMs, slowMs, errors, diesAfter } = CLUSTER;
  const perSecond = (endpoints - 2) * (slots / (serviceMs / 1000)) + slots / (slowMs / 1000);
  const ideal = (questions - Math.min(diesAfter, questions)) / perSecond;
  console.log(
    `${traces} traces, ${questions} questions, every reward as it has to be; none lost, none twice`,
  );
  console.log(
    `${endpoints} endpoints of ${slots} slots, ${serviceMs} ms a question; one takes ${slowMs} ms, one dies after ${diesAfter}; ${errors * 100} % errors`,
  );
  console.log(
    `ideal ${ideal.toFixed(1)} s, took ${seconds.toFixed(1)} s: ${(seconds / ideal).toFixed(2)} times the ideal`,
  );
  console.log(`on ${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}`);
  if (seconds / ideal > 1.3) process.exitCode = 1;
}

async function first(lines: AsyncIterable<string>): Promise<string[]> {
  for await (const line of lines) return [line];
  return [];
}

void main();
