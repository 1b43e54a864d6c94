import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { repoFile, showNew } from '../support';
import { closeAll, configure, QUICK, readTraces, steplens } from './steplens';

const run = promisify(execFile);

/** Four traces of different kinds: a gold answer or none, siblings, one that cannot be scored, a broken record. */
const TEXT = [
  '{"id": "a", "question": "What is 2 + 3?", "steps": ["2 + 3 is 5.", "The answer is: 5"], "answer": "5"}',
  '{"id": "b", "question": "What is 2 + 3?", "steps": ["2 + 3 is 6 🙂.", "The answer is: 6"], "answer": "5"}',
  '{"id": "broken", "question": ',
  '{"id": "c", "question": "What is 4 * 3?", "steps": ["4 * 3 is 12. The answer is: 12"]}',
  '{"id": "d", "question": "Why?", "steps": ["Because."]}',
].join('\n');

describe('Label file', () => {
  let uri: vscode.Uri;
  let out: string;

  before(async () => {
    await configure(QUICK);
    uri = (await showNew('to-label.jsonl', TEXT)).document.uri;
    out = uri.fsPath.replace(/\.jsonl$/, '.cpmi.jsonl');
    await readTraces(uri);
    await vscode.commands.executeCommand(
      'steplens.setStepLabel',
      { uri: uri.toString(), trace: 1, step: 0 },
      'incorrect',
    );
  });
  after(async () => {
    await closeAll();
    await rm(out, { force: true });
  });

  it('writes byte for byte what `steplens label` writes, human labels included', async () => {
    // The command ends when the message with its button is answered, so it is not waited for.
    void vscode.commands.executeCommand('steplens.labelFile');
    const text = await eventually(
      () => readFile(out, 'utf8').catch(() => ''),
      (found) => found !== '',
      { what: 'the labels' },
    );
    const copy = uri.fsPath.replace(/to-label\.jsonl$/, 'by-cli.jsonl');
    await copyFile(uri.fsPath, copy);
    await copyFile(
      uri.fsPath.replace(/\.jsonl$/, '.steplens.json'),
      copy.replace(/\.jsonl$/, '.steplens.json'),
    );
    const options = ['--templates', '1', '--negatives', '2'];
    await run(process.execPath, [repoFile('dist', 'cli.js'), 'label', copy, ...options], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    assert.equal(text, await readFile(copy.replace(/\.jsonl$/, '.cpmi.jsonl'), 'utf8'));
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      records.map(({ id }) => id),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(records[1].labelledBy, ['human', 'model']);
    assert.equal(await readFile(uri.fsPath, 'utf8'), TEXT, 'the source is untouched');
  });

  it('scores with the process that the editor uses', async () => {
    assert.ok((await steplens()).scoringProcess());
  });
});
