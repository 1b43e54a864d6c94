import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { show, workspaceFile } from '../support';
import { closeAll, configure, isScored, lensTitles, QUICK, scoredTraces, steplens } from './steplens';

const examples = () => workspaceFile('traces.jsonl');

describe('edits', () => {
  let editor: vscode.TextEditor;

  before(async () => {
    await configure({ ...QUICK, scoreOnOpen: 'visible', rescoreDelay: 300 });
    editor = await show(examples());
    await scoredTraces(examples(), 3);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await closeAll();
    await configure({ rescoreDelay: undefined });
  });

  const insert = (text: string, place: vscode.Position) => editor.edit((edit) => edit.insert(place, text));
  const placeOf = (text: string) =>
    editor.document.positionAt(editor.document.getText().indexOf(text) + text.length);

  it('leave rewards on their traces when something is inserted before them', async () => {
    const api = await steplens();
    const before = api.traces(examples())?.slice(0, 2);
    await insert('\n\n', new vscode.Position(0, 0));
    assert.deepEqual(
      api
        .traces(examples())
        ?.slice(1, 2)
        .map((t) => t.rewards),
      before?.slice(1).map((t) => t.rewards),
    );
    await eventually(
      () => lensTitles(examples(), 2),
      (titles) => titles.some((title) => title.startsWith('Lowest:')),
      { what: 'the lens, two lines further down' },
    );
    assert.deepEqual(
      api
        .traces(examples())
        ?.slice(0, 2)
        .map(({ rewards, stale }) => ({ rewards, stale })),
      before?.map(({ rewards, stale }) => ({ rewards, stale })),
    );
  });

  it('make the rewards of the edited trace outdated at once, and only those', async () => {
    const api = await steplens();
    const before = api.traces(examples());
    await insert(' indeed', placeOf('The bakery bakes 12 * 18 = 216 rolls'));
    const traces = api.traces(examples());
    assert.equal(traces?.[0]?.stale, true);
    assert.deepEqual(traces?.[0]?.rewards, before?.[0]?.rewards, 'the old rewards are still shown');
    assert.equal(traces?.[2]?.stale, false);
  });

  it('have the trace scored again once the typing pauses', async () => {
    const before = (await steplens()).traces(examples())?.[0]?.rewards;
    const traces = await scoredTraces(examples(), 2);
    assert.notDeepEqual(traces[0]?.rewards, before);
  });

  it('that are undone bring the old rewards back', async () => {
    const api = await steplens();
    await vscode.window.showTextDocument(editor.document);
    const other = api.traces(examples())?.[0]?.rewards;
    await vscode.commands.executeCommand('undo');
    const traces = await eventually(
      () => api.traces(examples()),
      (found) => isScored(found?.[0]) && JSON.stringify(found?.[0]?.rewards) !== JSON.stringify(other),
      { what: 'the rewards before the edit' },
    );
    assert.equal(traces?.[0]?.stale, false);
  });

  it('that break a record cost that record only', async () => {
    const api = await steplens();
    const count = api.traces(examples())?.length ?? 0;
    await insert('"', placeOf('"question": "A train leaves'));
    await eventually(
      () => api.traces(examples())?.length,
      (length) => length === count - 1,
      { what: 'one trace less' },
    );
    assert.equal(api.traces(examples())?.[0]?.id, 'bakery');
  });
});
