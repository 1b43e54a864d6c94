import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew } from '../support';
import { closeAll, configure, isScored, QUICK, readTraces, steplens } from './steplens';

const TRACE = JSON.stringify({
  id: 'sum',
  question: 'What is 23 + 19?',
  steps: ['20 + 10 = 30 and 3 + 9 = 12.', 'So 30 + 12 = 42.'],
  answer: '42',
});

/** 8-bit activations are rounded, and another build adds in another order: single rewards move by up to so many nats. */
const TOLERANCE = 0.3;

describe('ONNX Runtime in this host', () => {
  // Nothing is kept: what one build has computed must not be shown as the other's.
  before(() => configure({ ...QUICK, 'cache.maxSize': 0 }));
  afterEach(closeAll);
  after(() => configure({ scoreOnOpen: undefined, 'cache.maxSize': undefined, 'model.runtime': undefined }));

  async function rewards(name: string): Promise<readonly (number | null)[]> {
    const api = await steplens();
    const { document } = await showNew(name, TRACE);
    await readTraces(document.uri);
    await vscode.commands.executeCommand('steplens.clearRewards');
    await vscode.commands.executeCommand('steplens.scoreFile');
    const [trace] = await eventually(
      () => api.traces(document.uri) ?? [],
      ([first]) => first !== undefined && isScored(first),
      { what: 'a scored trace' },
    );
    return trace?.rewards ?? [];
  }

  it('is the native one, and its WebAssembly build gives the same rewards within rounding', async () => {
    const api = await steplens();
    const native = await rewards('native.jsonl');
    assert.equal(api.runtime(), 'native');
    await configure({ 'model.runtime': 'wasm' });
    const wasm = await rewards('wasm.jsonl');
    assert.equal(api.runtime(), 'wasm');
    assert.equal(wasm.length, native.length);
    wasm.forEach((reward, i) => {
      assert.ok(
        Math.abs((reward ?? Number.NaN) - (native[i] ?? Number.NaN)) < TOLERANCE,
        `${wasm} and ${native}`,
      );
    });
  });

  it('passes the doctor’s examination, which is shown as a text', async () => {
    await configure({ 'model.runtime': undefined });
    assert.equal(await vscode.commands.executeCommand('steplens.doctor'), true);
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /ok +runtime +ONNX Runtime \d+\.\d+\.\d+, native/);
    assert.match(text, /ok +self-test/);
    assert.match(text, /Everything works/);
  });
});
