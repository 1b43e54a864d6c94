import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planRequests } from '../../../src/cpmi/plan';
import type { AnswerEstimator, TemplatePosition } from '../../../src/cpmi/settings';
import type { LikelihoodRequest } from '../../../src/likelihood/likelihood-model';
import { ProcessModel } from '../../../src/likelihood/process/process-model';
import { machineName } from './machine';
import { peakOf } from './peak-memory';
import { spreadOf } from './statistics';
import { MODEL } from './workload';

const REPEATS = 3;
const SENTENCE =
  'Then the number of apples is doubled and three of them are taken away, which leaves the rest for later use.';

interface Shape {
  readonly steps: number;
  /** Sentences of about 23 tokens in a step. */
  readonly sentences?: number;
  readonly answers?: number;
  readonly templates?: number;
  readonly position?: TemplatePosition;
  /** How often the fourth step was edited. */
  readonly edits?: number;
  /** By default the one that reads the most. */
  readonly estimator?: AnswerEstimator;
}

/** The requests of a made-up trace. */
function requestsOf(shape: Shape): readonly LikelihoodRequest[] {
  const { steps, sentences = 1, answers = 5, templates = 1, position = 'before', edits } = shape;
  const { estimator = 'incremental' } = shape;
  return planRequests({
    question: `Mia has some baskets of apples. ${SENTENCE} How many apples are left?`,
    steps: Array.from({ length: steps }, (_, i) => ({
      text: `Step ${i + 1}${i === 3 && edits ? ` (edit ${edits})` : ''}: ${Array(sentences).fill(SENTENCE).join(' ')}`,
    })),
    answers: Array.from({ length: answers }, (_, i) => String(7 + 3 * i)),
    estimator,
    templates,
    templatePosition: position,
  }).requests;
}

/** How time and memory grow with each dimension of a trace, an edited step, a cold start, and files; as Markdown. `--brief` leaves the first out. */
async function main(): Promise<void> {
  console.log(`Machine: ${machineName()}\n`);
  if (!process.argv.includes('--brief')) await dimensions();
  for (const estimator of ['marginal', 'lasting'] as const) await edits(estimator);
  await coldStart();
  await files();
}

/** Time and memory against each dimension of a trace. */
async function dimensions(): Promise<void> {
  const grow = async (title: string, shapes: readonly (readonly [string, Shape])[]) => {
    console.log(`| ${title} | positions | s | peak MB |\n|---|---|---|---|`);
    for (const [name, shape] of shapes) console.log(await row(name, requestsOf(shape)));
    console.log('');
  };
  await grow(
    'steps',
    [1, 2, 5, 10, 20, 50, 100, 200].map((steps) => [String(steps), { steps }]),
  );
  await grow(
    'answers',
    [1, 2, 4, 8, 16].map((answers) => [String(answers), { steps: 8, answers }]),
  );
  await grow(
    'templates',
    (['before', 'after'] as const).flatMap((position) =>
      [1, 2, 3, 4].map((templates): [string, Shape] => [
        `${templates}, ${position}`,
        { steps: 8, templates, position },
      ]),
    ),
  );
  await grow(
    'sentences a step, 8 steps',
    [1, 4, 10, 20, 35].map((sentences) => [String(sentences), { steps: 8, sentences }]),
  );
}

/** A process of its own, so that its peak memory is its own. */
async function row(name: string, requests: readonly LikelihoodRequest[]): Promise<string> {
  const model = await start();
  try {
    const seconds: number[] = [];
    let positions = 0;
    for (let i = 0; i < (requests.length > 400 ? 1 : REPEATS); i++) {
      const started = performance.now();
      positions = (await model.score(requests)).work.computedPositions;
      seconds.push((performance.now() - started) / 1000);
    }
    return `| ${name} | ${positions} | ${spreadOf(seconds).median.toFixed(2)} | ${peakOf(model.pid ?? 0).toFixed(0)} |`;
  } finally {
    await model.dispose();
  }
}

/** The fourth of eight steps changed and scored again, as the editor does it. */
async function edits(estimator: AnswerEstimator): Promise<void> {
  const model = await start();
  try {
    const timed = async (edits: number, reuse: 'offer' | 'take') => {
      const started = performance.now();
      const { work } = await model.score(requestsOf({ steps: 8, edits, estimator }), { reuse });
      return { seconds: (performance.now() - started) / 1000, positions: work.computedPositions };
    };
    await timed(0, 'offer');
    const whole = await timed(0, 'offer');
    const shares: number[] = [];
    let positions = 0;
    for (let edit = 1; edit < 8; edit++) {
      const again = await timed(edit, 'take');
      shares.push(again.seconds / whole.seconds);
      positions = again.positions;
    }
    const { median, min, max } = spreadOf(shares.map((share) => 100 * share));
    const said = `${median.toFixed(0)} % (${min.toFixed(0)}–${max.toFixed(0)})`;
    console.log(
      `The fourth of 8 steps edited, ${estimator}, K = 1: ${said} of the whole trace's ${whole.seconds.toFixed(2)} s, ${positions} of ${whole.positions} positions.\n`,
    );
  } finally {
    await model.dispose();
  }
}

/** From the command to the first reward, the model's files in the page cache. */
async function coldStart(): Promise<void> {
  const seconds: number[] = [];
  for (let i = 0; i < 5; i++)
    seconds.push((await run(['score', '--json', '--limit', '1', 'examples/traces.jsonl'])).first);
  const { median, min, max } = spreadOf(seconds);
  console.log(
    `Cold start of the command to the first trace's rewards: ${median.toFixed(2)} s (${min.toFixed(2)}–${max.toFixed(2)}).\n`,
  );
}

async function files(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-scaling-'));
  try {
    console.log(
      '| traces in the file | first trace s | 10 traces s | the command peak MB |\n|---|---|---|---|',
    );
    for (const traces of [10, 100, 1000, 10_000]) {
      const file = join(folder, `${traces}.jsonl`);
      writeFileSync(file, Array.from({ length: traces }, (_, i) => JSON.stringify(record(i))).join('\n'));
      const { first, whole, peakMB } = await run(['score', '--json', '--limit', '10', file]);
      console.log(`| ${traces} | ${first.toFixed(2)} | ${whole.toFixed(2)} | ${peakMB.toFixed(0)} |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const record = (i: number) => ({
  id: `t${i}`,
  question: `What is ${i} + 4?`,
  steps: [`It is ${i + 4}.`, 'So that is it.'],
  answer: `${i + 4}`,
});

const start = () => ProcessModel.start({ worker: resolve('dist/likelihood-worker.js'), folder: MODEL });

async function run(args: readonly string[]): Promise<{ first: number; whole: number; peakMB: number }> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let first = Number.NaN;
  let peakMB = 0;
  child.stdout.on('data', () => {
    if (Number.isNaN(first)) first = since();
    peakMB = Math.max(peakMB, peakOf(child.pid ?? 0));
  });
  await once(child, 'close');
  return { first, whole: since(), peakMB };
}

void main();
