import * as vscode from 'vscode';

/** The file that a command is about: one that was given (by the explorer, say), else the one in the active tab. */
export function fileFor(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri) return uri;
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
    ? input.uri
    : undefined;
}
