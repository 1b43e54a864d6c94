import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it, type Runnable } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew, workspaceFile } from '../support';
import { closeAll, configure, isScored, QUICK, steplens } from './steplens';

/** Meant are 50 ms, which the title reports; the limit leaves room for a slow machine. */
const WANTED_MS = 50;
const LIMIT_MS = 250;
/** Collections of garbage and others' work only ever add, so the best of some tries is nearest to our own. */
const TRIES = 4;
const TICK_MS = 5;
/** A record of 16 MB: characters a step, and steps. */
const HUGE_STEP = 320_000;
const HUGE_STEPS = 50;

/** So many traces of eight steps, no two alike. */
function traces(count: number, seed: number): string {
  return Array.from({ length: count }, (_, i) => {
    const n = seed * count + i;
    const steps = Array.from(
      { length: 8 },
      (_, k) => `In step ${k} we see that ${n} times ${k + 2} is ${n * (k + 2)}.`,
    );
    return JSON.stringify({ id: `s${n}`, question: `What is ${n} * 9?`, steps, answer: `${n * 9}` });
  }).join('\n');
}

/** Processor time of this thread, in ms; undefined where Node cannot tell (before version 24). */
function threadTime(): number | undefined {
  const usage = (process as { readonly threadCpuUsage?: () => NodeJS.CpuUsage }).threadCpuUsage?.();
  return usage && (usage.user + usage.system) / 1000;
}

/**
 * Watches the event loop until the returned function is called, which tells the longest time between two turns, in ms.
 * Where the thread's processor time is known it counts that alone: while others have the processors, nobody is held up by
 * us.
 */
function watchLoop(): () => number {
  let longest = 0;
  let wall = performance.now();
  let own = threadTime();
  const timer = setInterval(() => {
    const [nowWall, nowOwn] = [performance.now(), threadTime()];
    const late = nowWall - wall - TICK_MS;
    const used = nowOwn === undefined || own === undefined ? late : nowOwn - own;
    longest = Math.max(longest, Math.min(late, used));
    [wall, own] = [nowWall, nowOwn];
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

/** The longest stall while a file is opened, scored for a while, and edited; in ms. */
async function longestStall(attempt: number): Promise<number> {
  const api = await steplens();
  const stop = watchLoop();
  const editor = await showNew(`many-${attempt}.jsonl`, traces(200, attempt));
  const { uri } = editor.document;
  await eventually(
    () => api.traces(uri)?.filter(isScored).length ?? 0,
    (count) => count >= 8,
    { what: 'eight scored traces' },
  );
  await editor.edit((edit) => edit.insert(new vscode.Position(100, 0), '\n'));
  editor.revealRange(new vscode.Range(150, 0, 150, 0));
  await sleep(1000);
  await vscode.commands.executeCommand('steplens.cancelScoring');
  return stop();
}

/** The longest stall while a file is labelled of which one record has many megabytes; in ms. */
async function stallOfLabelling(attempt: number): Promise<number> {
  const [small] = traces(1, attempt).split('\n');
  const step = 'So we see that it is so, and that it stays so. '.repeat(HUGE_STEP / 47);
  const steps = Array.from({ length: HUGE_STEPS }, (_, k) => `Step ${k}. ${step}`);
  const huge = JSON.stringify({ id: 'huge', question: 'Is it so?', steps, answer: '7' });
  const uri = workspaceFile(`huge-${attempt}.jsonl`);
  await writeFile(uri.fsPath, `${huge}\n${small}\n`);
  const out = uri.fsPath.replace(/\.jsonl$/, '.cpmi.jsonl');
  const stop = watchLoop();
  void vscode.commands.executeCommand('steplens.labelFile', uri);
  const labels = await eventually(
    () => readFile(out, 'utf8').catch(() => ''),
    (found) => found !== '',
    { what: 'the labels' },
  );
  const longest = stop();
  assert.equal(JSON.parse(labels).id, `s${attempt}`);
  await Promise.all([uri.fsPath, out].map((path) => rm(path)));
  return longest;
}

/** The best of some tries, which the title then tells. */
async function measure(
  test: Runnable | undefined,
  stall: (attempt: number) => Promise<number>,
): Promise<void> {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && best > WANTED_MS; attempt++) {
    best = Math.min(best, await stall(attempt));
  }
  if (test) test.title += ` (longest ${best.toFixed(0)} ms)`;
  assert.ok(best < LIMIT_MS, `${best} ms`);
}

describe('the extension host', () => {
  before(() => configure({ ...QUICK, scoreOnOpen: 'all' }));
  after(async () => {
    await closeAll();
    await configure({ scoreOnOpen: undefined });
  });

  it('is never held up while a file of 200 traces is read, scored and edited', function () {
    return measure(this.test, longestStall);
  });

  it('is never held up while a file with a record of 16 MB is labelled', function () {
    return measure(this.test, stallOfLabelling);
  });
});
