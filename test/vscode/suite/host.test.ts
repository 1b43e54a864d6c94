import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from '../eventually';
import { extensionUnderTest, repoFile, showNew, workspaceFile } from '../support';

describe('the extension host', () => {
  it('has loaded the extension from the repository', async () => {
    const manifest = JSON.parse(await readFile(repoFile('package.json'), 'utf8'));
    assert.equal(extensionUnderTest().id, `${manifest.publisher}.${manifest.name}`);
  });

  it('opens files in an editor and hears of their edits', async () => {
    const editor = await showNew('heard.txt', 'one\r\ntwo 🙂\r\n');
    assert.equal(editor.document.lineCount, 3);
    const heard = new Promise<string>((resolve) => {
      const listener = vscode.workspace.onDidChangeTextDocument((event) => {
        listener.dispose();
        resolve(event.document.lineAt(0).text);
      });
    });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'number '));
    assert.equal(await heard, 'number one');
    await editor.document.save();
  });

  it('watches the disk', async () => {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.watched');
    const seen: string[] = [];
    watcher.onDidCreate((uri) => seen.push(uri.fsPath));
    watcher.onDidChange((uri) => seen.push(uri.fsPath));
    const uri = workspaceFile('new.watched');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('1'));
    await eventually(
      () => seen,
      (paths) => paths.includes(uri.fsPath),
      { what: 'news of a written file' },
    );
    watcher.dispose();
  });
});
