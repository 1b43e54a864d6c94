import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { evaluateRewards } from '../../src/evaluation';
import type { PrecisionRun } from './precision-run';

/** The stored precisions that are compared, as options of `npm run model:import`. The first is the reference. */
const VARIANTS: readonly (readonly [string, readonly string[]])[] = [
  ['fp32', ['--precision', 'fp32', '--no-smooth']],
  ['int8', ['--precision', 'int8']],
  ['int8, not smoothed', ['--precision', 'int8', '--no-smooth']],
  ['8-bit blocks', ['--precision', 'q8']],
  ['4-bit blocks', ['--precision', 'q4', '--no-smooth']],
];

/**
 * Size, time, memory and fidelity of every stored precision on labelled traces, as a Markdown table.
 * Usage: precision.ts [FILE] [COUNT]; the default file is the development split, which is not part of the repository.
 */
function main([file = '../shared/data/bench/dev.jsonl', count = '50']: string[]): void {
  const tsx = (script: string, args: readonly string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', script, ...args], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
  let reference: PrecisionRun | undefined;
  console.log(
    '| stored as | MB | load s | s a trace | positions/s | peak MB | mean diff | max diff | mean diff of rewards | step AUC |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|---|');
  for (const [name, options] of VARIANTS) {
    const folder = resolve('.cache', `bench-${options.join('')}`);
    if (!existsSync(folder)) tsx('scripts/model/import.ts', [...options, '--out', folder]);
    const run = JSON.parse(tsx('test/bench/precision-run.ts', [folder, file, count])) as PrecisionRun;
    reference ??= run;
    const auc = evaluateRewards(run.traces, { bootstrap: { resamples: 0, seed: 0 } }).overall.allSteps.auc;
    const cells = [
      run.megabytes.toFixed(0),
      run.loadSeconds.toFixed(2),
      (run.seconds / run.traces.length).toFixed(2),
      (run.positions / run.seconds).toFixed(0),
      run.peakMegabytes.toFixed(0),
      ...differences(run.likelihoods, reference.likelihoods),
      differences(
        run.traces.map((t) => t.rewards),
        reference.traces.map((t) => t.rewards),
      )[0],
      auc.value === null ? '–' : auc.value.toFixed(3),
    ];
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
}

/** Mean and largest absolute difference. */
function differences(
  run: PrecisionRun['likelihoods'],
  reference: PrecisionRun['likelihoods'],
): [string, string] {
  const all = run.flatMap((values, i) =>
    values.map((v, j) => Math.abs(v - (reference[i]?.[j] ?? Number.NaN))),
  );
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return [mean.toFixed(4), Math.max(...all).toFixed(4)];
}

main(process.argv.slice(2));
