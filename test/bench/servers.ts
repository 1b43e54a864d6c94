/**
 * npm run bench:servers -- URL... [--reference FOLDER] [--traces FILE] [--limit N]
 *
 * Scores traces on real servers of SmolLM2-135M-Instruct and holds the rewards against those of a model folder with the same
 * weights: the bundled one in 8 bits, or one in 32 bits (npm run model:import -- --precision fp32 --no-smooth --out FOLDER). A
 * server that is not there is skipped, and said so. docs/models.md says how each was started.
 */
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { scoreTrajectory } from '../../src/cpmi/score-trajectory';
import type { ScoredTrajectory } from '../../src/cpmi/scored';
import { DEFAULT_SETTINGS } from '../../src/cpmi/settings';
import type { LikelihoodModel } from '../../src/likelihood/likelihood-model';
import { ProcessModel } from '../../src/likelihood/process/process-model';
import { openServer, ServerError } from '../../src/likelihood/server';
import { readTrajectories, type Trajectory } from '../../src/trajectory';

/**
 * Rewards of two quantisations of the same weights, in nats per token: the 8-bit model's differ from those of 32 bits by 0.035
 * on average (model/README.md), and llama.cpp rounds activations in its own way besides.
 */
const TOLERANCE = { mean: 0.1, largest: 0.5 } as const;

function option(name: string, fallback: string): string {
  const at = process.argv.indexOf(name);
  return at > 0 ? (process.argv[at + 1] ?? fallback) : fallback;
}

async function tracesOf(path: string, limit: number): Promise<Trajectory[]> {
  const traces: Trajectory[] = [];
  for await (const item of readTrajectories({ path }, { limit }))
    if ('trajectory' in item) traces.push(item.trajectory);
  return traces;
}

async function score(model: LikelihoodModel, traces: readonly Trajectory[]): Promise<ScoredTrajectory[]> {
  const scored: ScoredTrajectory[] = [];
  for (const trace of traces) scored.push(await scoreTrajectory(trace, model, DEFAULT_SETTINGS));
  return scored;
}

function compare(
  name: string,
  found: readonly ScoredTrajectory[],
  right: readonly ScoredTrajectory[],
): boolean {
  const steps = found.flatMap((trace, i) =>
    trace.steps.map((step, k) => [step.reward, right[i]?.steps[k]?.reward ?? 9] as const),
  );
  const differences = steps.map(([a, b]) => Math.abs(a - b));
  const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
  const largest = Math.max(...differences);
  const signs = steps.filter(([a, b]) => Math.sign(a) === Math.sign(b)).length;
  const seconds = found.reduce((sum, trace) => sum + trace.seconds, 0) / found.length;
  const [computed, naive] = (['computedPositions', 'naivePositions'] as const).map((what) =>
    found.reduce((sum, trace) => sum + trace.cost[what], 0),
  );
  const passes = found.reduce((sum, trace) => sum + trace.cost.passes, 0);
  console.log(
    `${name}: ${found.length} traces, ${steps.length} steps, ${seconds.toFixed(2)} s a trace, ${computed} of ${naive} positions in ${passes} requests; ` +
      `differs from the reference by ${mean.toFixed(4)} on average, ${largest.toFixed(4)} at most, ${signs} of ${steps.length} with the same sign`,
  );
  return mean <= TOLERANCE.mean && largest <= TOLERANCE.largest;
}

async function main(): Promise<void> {
  const urls = process.argv.slice(2).filter((arg) => /^https?:/.test(arg));
  const traces = await tracesOf(option('--traces', 'examples/traces.jsonl'), Number(option('--limit', '20')));
  const reference = option('--reference', 'model');
  const bundled = await ProcessModel.start({
    worker: resolve('dist/likelihood-worker.js'),
    folder: resolve(reference),
  });
  const right = await score(bundled, traces);
  await bundled.dispose();
  compare(`reference (${reference})`, right, right);
  console.log(`on ${cpus()[0]?.model.trim()}, ${cpus().length} cores`);
  for (const url of urls) {
    try {
      const { model, found } = await openServer({ urls: [url] });
      console.log(found.join('\n'));
      if (!compare(url, await score(model, traces), right)) {
        console.error(`${url}: more than ${TOLERANCE.mean} on average or ${TOLERANCE.largest} at most`);
        process.exitCode = 1;
      }
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      console.log(`skipped: ${error.message}`);
    }
  }
}

void main();
