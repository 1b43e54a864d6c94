import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { show, workspaceFile } from '../support';
import { closeAll, configure, lensTitles, QUICK, scoredTraces } from './steplens';

const examples = () => workspaceFile('traces.jsonl');

describe('the readable view', () => {
  let view: vscode.TextDocument;

  before(async () => {
    await configure({ ...QUICK, scoreOnOpen: 'visible', rescoreDelay: 300, lowThreshold: 9 });
    await show(examples());
    await scoredTraces(examples(), 2);
    await vscode.commands.executeCommand('steplens.openReadableView', {
      uri: examples().toString(),
      trace: 1,
      step: 2,
    });
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor);
    view = editor.document;
  });
  after(async () => {
    await configure({ rescoreDelay: undefined, lowThreshold: undefined });
    const source = await show(examples());
    await vscode.window.showTextDocument(source.document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await closeAll();
  });

  it('writes the trace out, with the cursor on the step that was asked for', () => {
    assert.equal(view.uri.scheme, 'steplens');
    assert.equal(view.languageId, 'steplens-trace');
    assert.match(view.getText(), /^bakery-wrong\n/);
    assert.match(view.getText(), /\nStep 2\nHalf of the rolls are sold in the afternoon/);
    const line = vscode.window.activeTextEditor?.selection.active.line ?? 0;
    assert.match(view.lineAt(line).text, /^Together with the morning/);
  });

  it('has lenses, hovers and problems of its own', async () => {
    const titles = await lensTitles(view.uri);
    assert.ok(titles.includes('Reveal in source') && titles.includes('Gold: 33'));
    const at = view.positionAt(view.getText().indexOf('Half of the rolls'));
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      view.uri,
      at,
    );
    assert.ok(hover?.range);
    assert.match(view.getText(hover.range), /^Half of the rolls .* 108 rolls\.$/);
    await eventually(
      () => vscode.languages.getDiagnostics(view.uri).length,
      (count) => count === 4,
      { what: 'a problem for each of the four steps' },
    );
  });

  it('leads back to the source', async () => {
    await vscode.commands.executeCommand('steplens.revealInSource');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), examples().toString());
    assert.equal(editor.selection.active.line, 1);
    const here = editor.document.lineAt(1).text.slice(editor.selection.active.character);
    assert.match(here, /^Together with the morning/);
  });

  it('follows edits of the file', async () => {
    const editor = await show(examples());
    const text = editor.document.getText();
    const at = editor.document.positionAt(text.indexOf('Half of the rolls'));
    await editor.edit((edit) => edit.insert(at, 'Exactly one '));
    await eventually(
      () => view.getText(),
      (now) => now.includes('\nExactly one Half of the rolls'),
      { what: 'the edit in the readable view' },
    );
  });

  it('says so where the trace is gone', async () => {
    const query = JSON.stringify([examples().toString(), 'no such trace']);
    const uri = vscode.Uri.from({ scheme: 'steplens', path: '/x.steplens', query });
    assert.match((await vscode.workspace.openTextDocument(uri)).getText(), /no such trace is not in/);
    const odd = vscode.Uri.from({ scheme: 'steplens', path: '/x.steplens', query: 'nonsense' });
    assert.match((await vscode.workspace.openTextDocument(odd)).getText(), /no address of a trace/);
  });
});
