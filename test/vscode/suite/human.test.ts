import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { showNew } from '../support';
import { closeAll, configure, lensTitles, QUICK, readTraces, scoredTraces, steplens } from './steplens';

const RECORDS = [
  { id: 'one', question: 'What is 2 + 3?', steps: ['2 + 3 is 5.', 'The answer is: 5'], answer: '5' },
  { id: 'two', question: 'What is 4 * 3?', steps: ['4 * 3 is 12.', 'So it is 12. The answer is: 12'] },
];

describe('what people say of steps', () => {
  let document: vscode.TextDocument;
  let sidecar: string;
  const target = (trace: number, step?: number) => ({
    uri: document.uri.toString(),
    trace,
    ...(step === undefined ? {} : { step }),
  });
  const kept = async () => JSON.parse(await readFile(sidecar, 'utf8'));
  const hover = async (text: string): Promise<string> => {
    const at = document.positionAt(document.getText().indexOf(text) + 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    return hovers.flatMap((h) => h.contents.map((c) => (typeof c === 'string' ? c : c.value))).join('\n');
  };

  before(async () => {
    await configure({ ...QUICK, rescoreDelay: 200 });
    const content = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
    document = (await showNew('people.jsonl', content)).document;
    sidecar = document.uri.fsPath.replace(/\.jsonl$/, '.steplens.json');
    await readTraces(document.uri);
  });
  after(async () => {
    await closeAll();
    await configure({ rescoreDelay: undefined });
  });

  it('a label is kept beside the file, with who gave it and the reward then', async () => {
    await vscode.commands.executeCommand('steplens.scoreTrace', target(0));
    const [scored] = await scoredTraces(document.uri, 1);
    await vscode.commands.executeCommand('steplens.setStepLabel', target(0, 0), 'neutral');
    const [steps] = Object.values<Record<string, unknown>>((await kept()).labels);
    const label = steps?.['0'] as Record<string, unknown>;
    assert.equal(label.label, 'neutral');
    assert.equal(label.reward, scored?.rewards[0]);
    assert.ok(typeof label.who === 'string' && typeof label.when === 'string');
    assert.match(await hover('2 + 3 is 5'), /Label: \*\*neutral\*\*, by /);
  });

  it('a label can be undone, step by step', async () => {
    await vscode.commands.executeCommand('steplens.setStepLabel', target(0, 0), 'incorrect');
    assert.match(await hover('2 + 3 is 5'), /\*\*incorrect\*\*/);
    await vscode.commands.executeCommand('steplens.undoLabel');
    assert.match(await hover('2 + 3 is 5'), /\*\*neutral\*\*/);
    await vscode.commands.executeCommand('steplens.undoLabel');
    assert.doesNotMatch(await hover('2 + 3 is 5'), /Label:/);
    assert.deepEqual((await kept()).labels, {});
  });

  it('labels that another program writes are followed', async () => {
    await vscode.commands.executeCommand('steplens.setStepLabel', target(0, 0), 'correct');
    const text = await readFile(sidecar, 'utf8');
    await writeFile(sidecar, text.replace('"correct"', '"incorrect"'));
    await eventually(
      () => hover('2 + 3 is 5'),
      (shown) => /\*\*incorrect\*\*/.test(shown),
      { what: 'the label from outside' },
    );
  });

  it('a broken file of labels is said and never written over', async () => {
    const text = await readFile(sidecar, 'utf8');
    await writeFile(sidecar, '{"version": 1, "labels": ');
    await vscode.commands.executeCommand('steplens.setStepLabel', target(0, 1), 'correct');
    assert.equal(await readFile(sidecar, 'utf8'), '{"version": 1, "labels": ');
    await writeFile(sidecar, text);
  });

  it('a trace without a gold answer is scored for its own, and says so', async () => {
    assert.ok((await lensTitles(document.uri, 1)).includes('Set gold answer'));
    await vscode.commands.executeCommand('steplens.scoreTrace', target(1));
    await scoredTraces(document.uri, 2);
    const titles = await lensTitles(document.uri, 1);
    assert.ok(titles.includes('No gold answer: scored for its own, 12'), titles.join(' | '));
    assert.match(await hover('4 * 3 is 12'), /the trace's own answer \(no gold answer\)/);
  });

  it('a gold answer that is set counts at once, and can be undone', async () => {
    const api = await steplens();
    const before = api.traces(document.uri)?.[1]?.rewards;
    await vscode.commands.executeCommand('steplens.setGoldAnswer', target(1), '13');
    assert.equal(api.traces(document.uri)?.[1]?.stale, true);
    assert.deepEqual(Object.values((await kept()).gold), ['13']);
    const [, second] = await scoredTraces(document.uri, 2);
    assert.notDeepEqual(second?.rewards, before);
    const titles = await lensTitles(document.uri, 1);
    assert.ok(
      titles.includes('Gold (yours): 13') && titles.some((t) => t.endsWith('Wrong answer: 12')),
      titles.join(' | '),
    );
    await vscode.commands.executeCommand('steplens.undoLabel');
    const [, third] = await scoredTraces(document.uri, 2);
    assert.deepEqual(third?.rewards, before);
    assert.deepEqual((await kept()).gold, {});
  });

  it('the trace file itself is never touched', async () => {
    const content = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
    assert.equal(await readFile(document.uri.fsPath, 'utf8'), content);
    assert.equal(document.isDirty, false);
    assert.ok(existsSync(sidecar));
  });
});
