import path from 'node:path';
import * as vscode from 'vscode';
import { REPO_VARIABLE } from '../../scripts/vscode/test-events';

/** For suites that run in the extension host. Their own place on disk is a bundle, so files are found through here. */

/** A file of the repository. */
export function repoFile(...parts: string[]): string {
  const root = process.env[REPO_VARIABLE];
  if (!root) {
    throw new Error(`${REPO_VARIABLE} is not set: start the suite with npm run test:vscode`);
  }
  return path.join(root, ...parts);
}

/** A file of the opened workspace: a copy of the examples, fresh in each run, that tests may change. */
export function workspaceFile(...parts: string[]): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) {
    throw new Error('No workspace is open');
  }
  return vscode.Uri.joinPath(folder.uri, ...parts);
}

/** Writes a file into the workspace and opens it in an editor. */
export async function showNew(name: string, content: string): Promise<vscode.TextEditor> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(content, 'utf8'));
  return show(uri);
}

/** Opens a file in an editor. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** The extension under test. */
export function extensionUnderTest(): vscode.Extension<unknown> {
  const [extension] = vscode.extensions.all.filter(({ extensionPath }) => extensionPath === repoFile());
  if (!extension) {
    throw new Error('VS Code has not loaded the extension from the repository');
  }
  return extension;
}
