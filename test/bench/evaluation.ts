import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Estimate, Evaluation, GroupMeasures } from '../../src/evaluation';

/** What is evaluated: estimator and number of templates. PMI comes out of the same runs. */
const RUNS: readonly (readonly [string, number])[] = [
  ['incremental', 1],
  ['incremental', 4],
  ['marginal', 1],
  ['marginal', 4],
  ['leave-one-out', 1],
  ['leave-one-out', 4],
];

/** The parts of `steplens eval --json` that the table shows. */
interface Report {
  readonly cpmi: Evaluation;
  readonly pmi: Evaluation;
}

/** Several tasks count as one group in the table. */
const LOGIC = ['logical_deduction', 'multistep_arithmetic', 'tracking_shuffled_objects', 'word_sorting'];

/**
 * Runs `steplens eval` for every estimator, and prints docs/evaluation.md's table. Usage: evaluation.ts [FILE]; a run that
 * was made before is taken from .cache/evaluation; runs that take hours can so be left out by stopping.
 */
function main([file = '../shared/data/bench/dev.jsonl']: string[]): void {
  const cache = resolve('.cache', 'evaluation');
  mkdirSync(cache, { recursive: true });
  console.log(
    '| reward | K | step AUC | without last steps | among steps of like length | GSM8K | MATH | logic tasks | added to features |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const [estimator, templates] of RUNS) {
    const kept = join(cache, `${estimator}-${templates}.json`);
    if (!existsSync(kept)) {
      const args = [
        'dist/cli.js',
        'eval',
        file,
        '--json',
        '--estimator',
        estimator,
        '--templates',
        String(templates),
      ];
      writeFileSync(
        kept,
        execFileSync(process.execPath, args, { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] }),
      );
    }
    const { cpmi, pmi } = JSON.parse(readFileSync(kept, 'utf8')) as Report;
    console.log(row(`CPMI, ${estimator}`, templates, cpmi));
    console.log(row(`PMI, ${estimator}`, templates, pmi));
  }
}

function row(name: string, templates: number, { overall, byTask }: Evaluation): string {
  const task = (name: string) => byTask.find((group) => group.task === name)?.withoutLast.auc.value;
  const { added } = overall.withoutLast;
  const cells = [
    interval(overall.allSteps.auc),
    interval(overall.withoutLast.auc),
    number(overall.withoutLast.lengthStratified?.pooled.value),
    number(task('gsm8k')),
    number(task('math')),
    number(pooled(byTask.filter((group) => LOGIC.includes(group.task)))),
    added ? interval(added.gain) : '–',
  ];
  return `| ${name} | ${templates} | ${cells.join(' | ')} |`;
}

/** Mean of the tasks' AUC, each weighted by its pairs of a right and a wrong step. */
function pooled(groups: readonly GroupMeasures[]): number | null {
  let sum = 0;
  let weight = 0;
  for (const { auc } of groups.map((group) => group.withoutLast)) {
    const pairs = auc.correctSteps * auc.wrongSteps;
    sum += (auc.value ?? 0) * pairs;
    weight += pairs;
  }
  return weight === 0 ? null : sum / weight;
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);
const interval = ({ value, low, high }: Estimate): string =>
  `${number(value)} [${number(low)}, ${number(high)}]`;

main(process.argv.slice(2));
