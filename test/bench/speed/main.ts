import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ENTRIES, OURS } from './entries';
import { installContestants } from './install';
import { machineName } from './machine';
import { measureRounds } from './measure';
import { measurePeakShare } from './peak-share';
import { Contestants } from './processes';
import { asJson, asTables } from './report';
import { planRounds } from './rounds';
import { DEFAULT_FILE } from './workload';

const HELP = `npm run bench [-- [FILE] [--json] [--quick]]

Steplens against other ways to score the same traces with the same weights. FILE: any trace file; default: the labelled
development split where it is there, else examples/traces.jsonl.
  --json   one JSON object instead of tables
  --only PATTERN  contestants whose name matches it, and ours
  --minutes N  begin no round after so many minutes
  --quick  one short trace, once: under 5 minutes, to see that it works
`;

/** Runs the contestants in processes of their own, in turn, and prints what they took. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      minutes: { type: 'string', default: 'Infinity' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const file = resolve(positionals[0] ?? DEFAULT_FILE);
  if (!existsSync(file)) throw new Error(`${file} is not there`);
  if (!existsSync('dist/likelihood-worker.js')) throw new Error('dist/ is not built: run npm run build');
  installContestants();

  const contestants = new Contestants();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  try {
    const only = new RegExp(values.only);
    const entries = ENTRIES.filter(({ name }) => name === OURS || only.test(name));
    const plan = { file, entries, rounds: await planRounds(file, values.quick) };
    const runs = await measureRounds(contestants, plan, say, Number(values.minutes));
    const peakShare = await measurePeakShare(contestants, plan, runs);
    const result = { machine: machineName(), plan, runs, peakShare };
    process.stdout.write(values.json ? `${JSON.stringify(asJson(result))}\n` : asTables(result));
  } finally {
    await contestants.stopAll();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
