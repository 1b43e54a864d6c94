import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { show, workspaceFile } from '../support';
import { closeAll, configure, isScored, QUICK, readTraces, steplens } from './steplens';

const heatmaps = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('steplens.heatmap'),
    );

const opened = (count: number) =>
  eventually(heatmaps, (tabs) => tabs.length === count, { what: `${count} heatmaps` });

describe('the heatmap', () => {
  before(() => configure(QUICK));
  afterEach(closeAll);
  after(() => configure({ scoreOnOpen: undefined }));

  it('opens beside the file, once a file', async () => {
    await show(workspaceFile('traces.jsonl'));
    await readTraces(workspaceFile('traces.jsonl'));
    await vscode.commands.executeCommand('steplens.openHeatmap');
    const [tab] = await opened(1);
    assert.equal(tab?.label, 'Heatmap: traces.jsonl');
    assert.equal(tab.group.viewColumn, vscode.ViewColumn.Two);
    await vscode.commands.executeCommand('steplens.openHeatmap', {
      uri: workspaceFile('traces.jsonl').toString(),
      trace: 1,
      step: 1,
    });
    await opened(1);
  });

  it('is what commands are about while it has the keyboard', async () => {
    await configure({ 'cpmi.seed': 12 });
    const [one, two] = [workspaceFile('hens.md'), workspaceFile('traces.jsonl')];
    await show(two);
    await readTraces(two);
    await vscode.commands.executeCommand('steplens.openHeatmap', one);
    await opened(1);
    await eventually(
      () => vscode.window.activeTextEditor,
      (editor) => editor === undefined,
      { what: 'the keyboard in the heatmap' },
    );
    await vscode.commands.executeCommand('steplens.scoreFile');
    const api = await steplens();
    assert.ok(api.traces(one)?.every(isScored));
    assert.ok(!api.traces(two)?.some(isScored));
    await configure({ 'cpmi.seed': undefined });
  });

  it('opens for a file that is not open, as from the explorer', async () => {
    await vscode.commands.executeCommand('steplens.openHeatmap', workspaceFile('hens.md'));
    const [tab] = await opened(1);
    assert.equal(tab?.label, 'Heatmap: hens.md');
  });

  it('does not open where no trace can be read', async () => {
    const uri = workspaceFile('empty.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{}'));
    await vscode.commands.executeCommand('steplens.openHeatmap', uri);
    assert.equal(heatmaps().length, 0);
  });
});
