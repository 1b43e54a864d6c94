import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPO } from '../../scripts/vscode/paths';
import { formatReward } from '../../src/editor/present';
import { eventually, type Ui } from './driver';

/** What the scenarios share: what the command line says of the same file, the scoring process. */

/** All settings of Steplens itself are as they come. */
export const WRAPPED = { 'editor.wordWrap': 'on' } as const;

/** A reward as it is written after a step; low ones have a mark behind it. */
export const REWARD = /^[+−]?\d\.\d\d( ▼)?$/;

/** What is written after the steps on the screen. */
export const texts = async (ui: Ui): Promise<string[]> =>
  (await ui.editor().inlineTexts()).map(({ text }) => text);

/** Below this a step is low, where the setting says nothing else. */
const THRESHOLD = -0.1;

/** The lines of the examples' file. */
export const EXAMPLES: readonly string[] = readFileSync(path.join(REPO, 'examples', 'traces.jsonl'), 'utf8')
  .trimEnd()
  .split('\n');

/** A file of the first so many examples. */
export const firstExamples = (count: number): string => `${EXAMPLES.slice(0, count).join('\n')}\n`;

interface ScoredTrace {
  readonly id: string;
  readonly steps: readonly { readonly text: string; readonly reward: number }[];
}

const run = promisify(execFile);

function steplens(...args: readonly string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [path.join(REPO, 'dist', 'cli.js'), ...args], { maxBuffer: 2 ** 26 });
}

/** The rewards that the command line computes for a file. */
export async function scoreByCommand(file: string): Promise<ScoredTrace[]> {
  const { stdout } = await steplens('score', file, '--json');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line): ScoredTrace => JSON.parse(line));
}

/** The label file that the command line writes for a file, with the human labels that stand beside it. */
export async function labelByCommand(file: string): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'steplens-labels-'));
  try {
    const name = path.parse(file).name;
    const copy = path.join(folder, path.basename(file));
    await cp(file, copy);
    await cp(
      path.join(path.dirname(file), `${name}.steplens.json`),
      path.join(folder, `${name}.steplens.json`),
    ).catch(
      () => undefined, // nobody has set a label
    );
    await steplens('label', copy);
    return await readFile(path.join(folder, `${name}.cpmi.jsonl`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How the editor writes a reward: `+0.42`, and `−0.31 ▼` for a low one. */
export function written(reward: number): string {
  const number = formatReward(reward);
  return reward < THRESHOLD ? `${number} ▼` : number;
}

export const isLow = ({ reward }: { readonly reward: number }): boolean => reward < THRESHOLD;

/** The processes that hold the model; one at most, and none before the first scoring. */
export async function scoringProcesses(ui: Ui): Promise<number[]> {
  const all = await ui.processes();
  return all
    .filter(({ command }) => command.some((part) => part.endsWith('likelihood-worker.js')))
    .map(({ pid }) => pid);
}

/** Ends the scoring process as a crash would; returns once another one has taken its place. */
export async function killScoringProcess(ui: Ui): Promise<void> {
  const [victim] = await eventually(
    () => scoringProcesses(ui),
    (pids) => pids.length > 0,
    { what: 'a scoring process' },
  );
  assert.ok(victim);
  process.kill(victim, 'SIGKILL');
  await eventually(
    () => scoringProcesses(ui),
    (pids) => pids.length > 0 && !pids.includes(victim),
    { what: 'a scoring process in place of the killed one' },
  );
}

/** Waits until the language status says what the pattern wants, and returns it. */
export function waitForStatus(ui: Ui, pattern: RegExp): Promise<string> {
  return eventually(
    () => ui.languageStatus(),
    (status) => pattern.test(status),
    { what: `the status ${pattern}` },
  );
}
