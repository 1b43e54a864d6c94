import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Peak memory and seconds to the first trace on files that no memory holds: JSON lines, one JSON array, one Inspect log.
 * The files are made in a temporary folder and deleted. Memory is that of the command's own process, without the model's.
 * Usage: size.ts [--gigabytes 5] [--array-megabytes 300] [--cli dist/cli.js] [--no-score]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      gigabytes: { type: 'string', default: '5' },
      'array-megabytes': { type: 'string', default: '300' },
      cli: { type: 'string', default: 'dist/cli.js' },
      'no-score': { type: 'boolean', default: false },
    },
  });
  const cli = resolve(values.cli);
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run npm run build first`);
  const folder = await mkdtemp(join(tmpdir(), 'steplens-size-'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      process.exit(130);
    });
  }
  try {
    const hook = join(folder, 'peak.cjs');
    await writeFile(hook, PEAK_HOOK);
    const megabytes = Number(values['array-megabytes']);
    const files = [
      await make(join(folder, 'lines.jsonl'), Number(values.gigabytes) * 1e9, { between: '\n' }),
      await make(join(folder, 'array.json'), megabytes * 1e6, { open: '[', between: ',', close: ']' }),
      await make(join(folder, 'inspect.json'), megabytes * 1e6, {
        open: `{"version": 2, "eval": {"task": "sums"}, "plan": {}, "samples": [`,
        between: ',\n',
        close: ']}',
        record: inspectSample,
      }),
    ];
    console.log('| file | MB | command | first output s | whole s | peak memory MB | said |');
    console.log('|---|---|---|---|---|---|---|');
    for (const file of files) {
      const commands = [
        ['formats', '--json'],
        ['formats', '--json', '--count'],
      ];
      if (!values['no-score']) commands.push(['score', '--json', '--limit', '2', '--templates', '1']);
      for (const [name = '', ...options] of commands) {
        const run = await measure(cli, [name, file, ...options], { hook, folder });
        const size = ((await stat(file)).size / 1e6).toFixed(0);
        const [first, whole] = [run.first, run.seconds].map((seconds) => seconds.toFixed(2));
        console.log(
          `| ${file.slice(folder.length + 1)} | ${size} | ${name} ${options.join(' ')} | ${first} | ${whole} | ${run.peak.toFixed(0)} | ${summary(run.output)} |`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the peak of a process's memory beside this file when it ends: the operating system's own figure. */
const PEAK_HOOK = `
  process.on('exit', () => {
    const peak = String(process.resourceUsage().maxRSS);
    require('node:fs').writeFileSync(require('node:path').join(__dirname, process.pid + '.peak'), peak);
  });
`;

interface Layout {
  readonly open?: string;
  readonly between: string;
  readonly close?: string;
  readonly record?: (n: number) => string;
}

/** Writes records until the file has that many bytes; one in a thousand is broken, one has a step of 200 kB. */
async function make(path: string, bytes: number, { open = '', between, close = '', record = trace }: Layout) {
  const out = createWriteStream(path);
  const block = Array.from({ length: 3000 }, (_, n) => record(n)).join(between);
  let written = open.length;
  out.write(open);
  for (let first = true; written < bytes; first = false) {
    const text = first ? block : between + block;
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end(close);
  await once(out, 'close');
  return path;
}

const SENTENCE =
  'Then the number of apples is doubled and three of them are taken away, which leaves the rest. ';

function trace(n: number): string {
  const steps = Array.from(
    { length: 4 + (n % 9) },
    (_, i) => `Step ${i + 1}: ${SENTENCE.repeat(1 + (n % 5))}`,
  );
  if (n % 3000 === 2500) steps.push('x'.repeat(200_000));
  const text = JSON.stringify({
    question: `How many apples are left in basket ${n}?`,
    steps,
    answer: `${n % 97}`,
  });
  // A step that is a number is no trace, but JSON still.
  return n % 1000 === 999 ? text.replace('"steps":["', '"steps":[7,"') : text;
}

function inspectSample(n: number): string {
  const { question, steps, answer } = JSON.parse(trace(n % 1000 === 999 ? 0 : n)) as Record<string, string>;
  const messages = [
    { role: 'user', content: question },
    { role: 'assistant', content: [steps].flat().join('\n') },
  ];
  return JSON.stringify({ id: n, epoch: 1, input: question, target: answer, messages, scores: {} });
}

interface Run {
  /** Seconds to the first byte of the output, and to the end. */
  readonly first: number;
  readonly seconds: number;
  /** Megabytes. */
  readonly peak: number;
  readonly output: string;
}

async function measure(
  cli: string,
  args: readonly string[],
  { hook, folder }: { hook: string; folder: string },
): Promise<Run> {
  const started = performance.now();
  const since = () => (performance.now() - started) / 1000;
  const child = spawn(process.execPath, ['--require', hook, cli, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let first: number | undefined;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    first ??= since();
    if (output.length < 1e6) output += text;
  });
  await once(child, 'close');
  const seconds = since();
  const peak = Number(await readFile(join(folder, `${child.pid}.peak`), 'utf8')) / 1000;
  return { first: first ?? seconds, seconds, peak, output };
}

function summary(output: string): string {
  const lines = output.trim().split('\n');
  const {
    format,
    counts,
    trace: found,
    steps,
  } = JSON.parse(lines[0] ?? '{}') as {
    format?: string;
    counts?: { traces: number; problems: number };
    trace?: { id: string } | null;
    steps?: unknown[];
  };
  if (counts) return `${format}: ${counts.traces} traces, ${counts.problems} problems`;
  return steps ? `${lines.length} traces scored` : `${format}: ${found ? `trace ${found.id}` : 'no trace'}`;
}

void main();
