import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { show, workspaceFile } from '../support';
import { closeAll, configure, lensTitles, QUICK, scoredTraces, settled, steplens } from './steplens';

const examples = () => workspaceFile('traces.jsonl');
const SECOND_STEP = 'After the morning';

async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(text) + 1),
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

const problems = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Steplens');

describe('what is shown of rewards', () => {
  let document: vscode.TextDocument;

  before(async () => {
    // Every step counts as low, so that problems do not hang on the model.
    await configure({ ...QUICK, scoreOnOpen: 'visible', lowThreshold: 9 });
    document = (await show(examples())).document;
    await scoredTraces(examples(), 2);
    await settled(examples()); // no problem more is to come
  });
  after(async () => {
    await closeAll();
    await configure({
      lowThreshold: undefined,
      'diagnostics.severity': undefined,
      'diagnostics.count': undefined,
    });
  });

  it('the hover says what a reward is made of, by which model', async () => {
    const text = await hoverText(document, SECOND_STEP);
    assert.match(text, /Step 2 of 4 · reward [+−]?\d\.\d\d/);
    assert.match(text, /gold answer `33`/);
    assert.match(text, /data:image\/svg\+xml;base64,/);
    assert.match(text, /SmolLM2/);
    assert.match(text, /\[What does this mean\?\]\(command:steplens\.explainRewards/);
  });

  it('low steps are problems, the first of a trace named as such', async () => {
    const [reported] = await eventually(
      () => problems(examples()),
      (found) => found.some(({ message }) => /^First likely error: step \d/.test(message)),
      { what: 'problems' },
    );
    assert.ok(reported);
    assert.equal(reported.severity, vscode.DiagnosticSeverity.Information);
    const { code } = reported;
    assert.ok(
      typeof code === 'object' && code.target.toString().startsWith('command:steplens.explainRewards'),
    );
  });

  it('problems point back to the last step after which the gold answer was ahead', async () => {
    const pointing = problems(examples()).filter(({ relatedInformation }) => relatedInformation?.length);
    assert.ok(pointing.length > 0);
    for (const { range, relatedInformation } of pointing) {
      const [ahead] = relatedInformation ?? [];
      assert.match(ahead?.message ?? '', /^Here, at step \d, the gold answer was still ahead: \S/);
      assert.equal(ahead?.location.uri.toString(), examples().toString());
      assert.ok(ahead?.location.range.end.isBefore(range.start));
    }
  });

  it('problems follow the settings', async () => {
    await configure({ 'diagnostics.severity': 'error', 'diagnostics.count': 2 });
    const found = await eventually(
      () => problems(examples()),
      (all) => all.length === 2,
      { what: 'two problems' },
    );
    assert.ok(found.every(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
    await configure({ 'diagnostics.severity': 'off' });
    await eventually(
      () => problems(examples()).length,
      (count) => count === 0,
      { what: 'no problem' },
    );
    await configure({ 'diagnostics.severity': undefined, 'diagnostics.count': undefined });
    await eventually(
      () => problems(examples()).length,
      (count) => count > 2,
      { what: 'all problems' },
    );
  });

  it('a problem offers labels, and can be hidden and shown again', async () => {
    const all = problems(examples());
    const [first] = all;
    assert.ok(first);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      examples(),
      first.range,
    );
    const titles = actions.map(({ title }) => title);
    for (const label of ['correct', 'neutral', 'incorrect'])
      assert.ok(titles.includes(`Label this step as ${label}`));
    const hide = actions.find(({ title }) => title === 'Hide this problem')?.command;
    assert.ok(hide);
    await vscode.commands.executeCommand(hide.command, ...(hide.arguments ?? []));
    await eventually(
      () => problems(examples()),
      (left) => left.length === all.length - 1 && !left.some(({ range }) => range.isEqual(first.range)),
      { what: 'one problem less' },
    );
    await vscode.commands.executeCommand('steplens.showHiddenSteps');
    await eventually(
      () => problems(examples()),
      (found) => found.length === all.length,
      { what: 'all problems again' },
    );
  });

  it('next and previous low step move the cursor, and go round', async () => {
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const visit = async (direction: 'next' | 'previous') => {
      await vscode.commands.executeCommand(`steplens.${direction}LowStep`);
      return document.offsetAt(editor.selection.active);
    };
    const first = await visit('next');
    const second = await visit('next');
    assert.ok(0 < first && first < second);
    assert.equal(await visit('previous'), first);
    const last = await visit('previous');
    assert.ok(last > second, 'from the first on to the last');
    assert.equal(await visit('next'), first);
  });

  it('a step can be copied as JSON', async () => {
    await vscode.commands.executeCommand('steplens.copyStep', {
      uri: examples().toString(),
      trace: 0,
      step: 1,
    });
    const copied = JSON.parse(await vscode.env.clipboard.readText());
    assert.equal(copied.id, 'bakery');
    assert.equal(copied.reward, (await steplens()).traces(examples())?.[0]?.rewards[1]);
  });

  it('rewards can be cleared, and stay so', async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('steplens.clearRewards');
    assert.ok(
      (await steplens()).traces(examples())?.every(({ rewards }) => rewards.every((r) => r === null)),
    );
    await eventually(
      () => problems(examples()).length,
      (count) => count === 0,
      { what: 'no problem' },
    );
    assert.equal((await lensTitles(examples(), 0))[0], 'Score');
  });
});
