import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew } from '../support';
import { closeAll, configure, isScored, QUICK, readTraces, steplens } from './steplens';

/** So many short traces, no two alike. */
function traces(count: number, seed: number, steps = 3): string {
  return Array.from({ length: count }, (_, i) => {
    const [a, b] = [seed + i, 2 * i + 3];
    const texts = Array.from(
      { length: steps },
      (_, k) => `Step ${k} says that ${a} and ${b} make ${a + b + k}.`,
    );
    return JSON.stringify({
      id: `t${i}`,
      question: `What is ${a} + ${b}?`,
      steps: texts,
      answer: `${a + b}`,
    });
  }).join('\n');
}

const kill = (pid: number | undefined) => {
  assert.ok(pid);
  process.kill(pid, 'SIGKILL');
};

describe('the scoring process', () => {
  before(() => configure(QUICK));
  afterEach(closeAll);
  after(() => configure({ scoreOnOpen: undefined }));

  const open = async (name: string, text: string) => {
    const { document } = await showNew(name, text);
    await readTraces(document.uri);
    return document.uri;
  };

  it('may be killed: the run goes on after a restart and nothing is lost', async () => {
    const api = await steplens();
    const uri = await open('killed.jsonl', traces(8, 100));
    const run = vscode.commands.executeCommand('steplens.scoreFile');
    await eventually(
      () => api.traces(uri)?.filter(isScored).length ?? 0,
      (count) => count >= 2,
      { what: 'two scored traces' },
    );
    const before = api.scoringProcess();
    kill(before);
    await run;
    assert.ok(api.traces(uri)?.every(isScored), JSON.stringify(api.traces(uri)));
    assert.notEqual(api.scoringProcess(), before);
  });

  it('that dies three times on one trace costs that trace only', async () => {
    const api = await steplens();
    const uri = await open('deadly.jsonl', traces(3, 300, 12));
    const run = vscode.commands.executeCommand('steplens.scoreFile');
    const killed = new Set<number>();
    while (killed.size < 3) {
      const pid = await eventually(
        () => (api.traces(uri)?.[0]?.state === 'running' ? api.scoringProcess() : undefined),
        (found) => found !== undefined && !killed.has(found),
        { what: 'the next process' },
      );
      kill(pid);
      killed.add(pid ?? 0);
    }
    await run;
    const [first, ...others] = api.traces(uri) ?? [];
    assert.equal(first?.state, 'failed');
    assert.ok(others.length === 2 && others.every(isScored), JSON.stringify(others));
  });

  it('stops within a second when it is told to', async function () {
    const api = await steplens();
    const times: number[] = [];
    // Others' work only ever adds, so the best of some tries is what it takes.
    for (let attempt = 0; attempt < 5 && !times.some((ms) => ms < 1000); attempt++) {
      const uri = await open(`cancelled-${attempt}.jsonl`, traces(6, 500 + 20 * attempt, 30));
      const run = vscode.commands.executeCommand('steplens.scoreFile');
      await eventually(
        () => api.traces(uri)?.some(({ state }) => state === 'running'),
        (running) => running === true,
        { what: 'a running trace' },
      );
      const begin = performance.now();
      await vscode.commands.executeCommand('steplens.cancelScoring');
      await run;
      times.push(performance.now() - begin);
      assert.ok(api.traces(uri)?.every(({ state }) => state === 'idle'));
      assert.ok(api.traces(uri)?.some((trace) => !isScored(trace)));
    }
    if (this.test) this.test.title += ` (${Math.min(...times).toFixed(0)} ms)`;
    assert.ok(Math.min(...times) < 1000, `it took ${times.join(', ')} ms`);
  });

  it('is not needed for a file that was scored before', async () => {
    const api = await steplens();
    const text = traces(3, 700);
    const uri = await open('known.jsonl', text);
    await vscode.commands.executeCommand('steplens.scoreFile');
    const rewards = api.traces(uri)?.map((trace) => trace.rewards);
    assert.ok(api.traces(uri)?.every(isScored));
    await closeAll();
    // The same traces in another file, below another one: what counts is what is said.
    const again = await open('known-elsewhere.jsonl', `${traces(1, 800)}\n${text.replaceAll('"t', '"x')}`);
    const found = await eventually(
      () => api.traces(again)?.slice(1),
      (all) => all?.every(isScored) === true,
      { what: 'the known rewards' },
    );
    assert.deepEqual(
      found?.map((trace) => trace.rewards),
      rewards,
    );
    assert.equal(isScored(api.traces(again)?.[0]), false);
  });
});
