import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { workspaceFile } from '../support';
import { closeAll, configure, isScored, QUICK, steplens } from './steplens';

const EDITOR = 'steplens.largeFile';
/** More than VS Code gives to extensions. */
const BYTES = 56 * 2 ** 20;
/** Meant are 50 ms; on a machine that many share, others' work counts as ours. */
const STALL_MS = 250;
const MEMORY_MB = 300;

const file = () => workspaceFile('large.jsonl');
const FILLER = 'Then three of the apples are taken away and the rest is counted once more. '.repeat(12);

/** Solutions come in pairs to the same question, so that each has a sibling's answer. */
const record = (n: number): string =>
  JSON.stringify({
    id: `large-${n}`,
    question: `How many apples are left in basket ${n >> 1}?`,
    steps: [`There are ${n} apples. ${FILLER}`, `So ${n} are left.`],
    answer: `${n}`,
    final_answer: `${n}`,
  });

/** @returns how many traces it has */
async function write(uri: vscode.Uri): Promise<number> {
  const out = createWriteStream(uri.fsPath);
  let [count, bytes] = [0, 0];
  while (bytes < BYTES) {
    const block = Array.from({ length: 1000 }, (_, i) => `${record(count + i)}\n`).join('');
    count += 1000;
    bytes += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await finished(out);
  return count;
}

const megabytes = () => process.memoryUsage().rss / 2 ** 20;

/** The readable view that is on the screen. */
function shownView(): vscode.TextDocument | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'steplens')
    ?.document;
}

describe('a file that is too large for a text document', () => {
  let count = 0;

  before(async () => {
    await configure({ ...QUICK });
    await steplens();
    count = await write(file());
  });
  after(async () => {
    await closeAll();
    await configure({ scoreOnOpen: undefined });
    await rm(file().fsPath);
  });

  it('opens in an editor of its own with its first trace beside, and holds up nobody', async function () {
    await assert.rejects(async () => vscode.workspace.openTextDocument(file()), /50\s?MB/);
    const before = megabytes();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const started = performance.now();
    await vscode.commands.executeCommand('vscode.openWith', file(), EDITOR);
    const view = await eventually(shownView, (found) => found !== undefined, { what: 'the first trace' });
    const seconds = (performance.now() - started) / 1000;
    assert.match(
      view?.getText() ?? '',
      /^large-0\n.*line 1\n\nQuestion\nHow many apples are left in basket 0\?/s,
    );
    // The last trace is there once the whole file was read.
    await vscode.commands.executeCommand('steplens.goToTrace', count);
    assert.match(shownView()?.getText() ?? '', new RegExp(`^large-${count - 1}\\n`));
    delay.disable();
    const [stall, memory] = [delay.max / 1e6, megabytes()];
    if (this.test) {
      this.test.title += ` (first trace after ${seconds.toFixed(1)} s, longest stall ${stall.toFixed(0)} ms, memory ${before.toFixed(0)} to ${memory.toFixed(0)} MB)`;
    }
    assert.ok(stall < STALL_MS, `${stall} ms`);
    assert.ok(memory - before < MEMORY_MB, `${memory - before} MB`);
  });

  it('opens any trace by its number, with its siblings, and says where there is none', async () => {
    await vscode.commands.executeCommand('steplens.goToTrace', 12_346);
    const text = shownView()?.getText() ?? '';
    assert.match(text, /^large-12345\n/);
    assert.match(text, /line 12346/);
    const before = shownView()?.uri.toString();
    await vscode.commands.executeCommand('steplens.goToTrace', count + 1);
    assert.equal(shownView()?.uri.toString(), before);
  });

  it('scores what is on the screen, with the sibling as a wrong answer', async () => {
    await configure({ scoreOnOpen: 'visible' });
    await vscode.commands.executeCommand('steplens.goToTrace', 7);
    const api = await steplens();
    const uri = file().with({ fragment: 'trace-7' });
    await eventually(
      () => api.traces(uri)?.[0],
      (trace) => isScored(trace),
      { what: 'the rewards' },
    );
    const view = await eventually(
      () => shownView()?.getText() ?? '',
      (text) => text.includes('Wrong answers'),
      { what: 'the wrong answers' },
    );
    assert.match(view, /\nWrong answers\n7 \(/);
    await configure({ scoreOnOpen: 'never' });
  });

  it('leads from the readable view back to its row', async () => {
    await vscode.commands.executeCommand('steplens.revealInSource');
    await eventually(
      () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputCustom && input.viewType === EDITOR
          ? input.uri.toString()
          : '';
      },
      (uri) => uri === file().toString(),
      { what: 'the editor of the large file' },
    );
  });

  it('is opened so by the heatmap command', async () => {
    await closeAll();
    await vscode.commands.executeCommand('steplens.openHeatmap', file());
    await eventually(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputCustom,
      (open) => open,
      { what: 'the editor of large files' },
    );
  });
});
