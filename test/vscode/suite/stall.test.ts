import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew } from '../support';
import { closeAll, configure, isScored, PATIENCE, QUICK, steplens } from './steplens';

/** Meant are 50 ms; on a machine that many share, others' work counts as ours. The title reports what was measured. */
const WANTED_MS = 50;
const LIMIT_MS = 250;
/** Others' work only ever adds, so the best of some tries is nearest to our own. */
const TRIES = 4;

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

/** The longest delay of the event loop while a file is opened, scored for a while, and edited; in ms. */
async function longestStall(attempt: number): Promise<number> {
  const api = await steplens();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
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
  delay.disable();
  return delay.max / 1e6;
}

describe('the extension host', function () {
  this.timeout(PATIENCE);
  before(() => configure({ ...QUICK, scoreOnOpen: 'all' }));
  after(async () => {
    await closeAll();
    await configure({ scoreOnOpen: undefined });
  });

  it('is never held up while a file of 200 traces is read, scored and edited', async function () {
    let best = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < TRIES && best > WANTED_MS; attempt++) {
      best = Math.min(best, await longestStall(attempt));
    }
    if (this.test) this.test.title += ` (longest ${best.toFixed(0)} ms)`;
    assert.ok(best < LIMIT_MS, `${best} ms`);
  });
});
