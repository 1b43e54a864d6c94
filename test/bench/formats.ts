import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { NotScorableError, prepare } from '../../src/cpmi/score-trajectory';
import { DEFAULT_SETTINGS } from '../../src/cpmi/settings';
import { detectFormat, readTrajectories } from '../../src/trajectory';
import { withSiblings } from '../../src/trajectory/siblings';

/**
 * `steplens score --limit 2` over every file of a folder, as a Markdown table: what each file is, how many traces it has, how
 * many of them can be scored, how many the command did score, and the first reason where one cannot.
 * Usage: formats.ts FOLDER [--cli dist/cli.js] [--limit 2]
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cli: { type: 'string', default: 'dist/cli.js' },
      limit: { type: 'string', default: '2' },
    },
  });
  const [root = '../shared/data/formats'] = positionals;
  const cli = resolve(values.cli);
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run npm run build first`);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== 'MANIFEST.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  console.log('| file | format | traces | scorable | scored | reason |');
  console.log('|---|---|--:|--:|--:|---|');
  for (const file of files) {
    const { traces, scorable, reason } = await look(file);
    const format = (await detectFormat({ path: file }))[0]?.id ?? '–';
    const { scored, said } = await score(cli, file, values.limit);
    const why = cell(reason ?? (scored === 0 ? said : ''));
    console.log(`| ${relative(root, file)} | ${format} | ${traces} | ${scorable} | ${scored} | ${why} |`);
  }
}

/** Reads all traces and makes the plan of each, without a model. */
async function look(path: string) {
  let [traces, scorable] = [0, 0];
  let reason: string | undefined;
  for await (const item of withSiblings(readTrajectories({ path }))) {
    if ('problem' in item) {
      reason ??= `line ${item.problem.line}: ${item.problem.reason}`;
      continue;
    }
    traces++;
    try {
      prepare(item.trajectory, DEFAULT_SETTINGS, { siblings: item.siblings });
      scorable++;
    } catch (error) {
      if (!(error instanceof NotScorableError)) throw error;
      reason ??= `${item.trajectory.id}: ${error.message}`;
    }
  }
  return { traces, scorable, reason };
}

const run = promisify(execFile);

/** The command itself; it exits with 1 where nothing could be scored. */
async function score(cli: string, file: string, limit: string) {
  const args = [cli, 'score', file, '--json', '--limit', limit, '--overflow', 'cut-left'];
  const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 2 ** 28 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  const scored = stdout.split('\n').filter((line) => line.startsWith('{')).length;
  return { scored, said: stderr.trim().split('\n')[0] ?? '' };
}

const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 140);

void main();
