import * as vscode from 'vscode';
import type { SteplensApi, TraceSummary } from '../../../src/editor/api';
import { eventually } from '../eventually';
import { extensionUnderTest } from '../support';

/** What the suites share: the activated extension, its settings, and waits for what it does. */

export async function steplens(): Promise<SteplensApi> {
  return (await extensionUnderTest().activate()) as SteplensApi;
}

/** Settings for the whole run; `undefined` takes one back. */
export async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  const section = vscode.workspace.getConfiguration('steplens');
  for (const [key, value] of Object.entries(settings)) {
    await section.update(key, value, vscode.ConfigurationTarget.Global);
  }
}

/** The quickest scoring, and none unasked. */
export const QUICK = { scoreOnOpen: 'never', 'cpmi.templates': 1, 'cpmi.negatives': 2 };

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** The traces of a file once it was recognised and read. */
export async function readTraces(uri: vscode.Uri): Promise<readonly TraceSummary[]> {
  const api = await steplens();
  const isThere = (found: readonly TraceSummary[] | undefined) => found !== undefined;
  return (await eventually(() => api.traces(uri), isThere, { what: `the traces of ${uri.path}` })) ?? [];
}

export const isScored = (trace: TraceSummary | undefined): boolean =>
  trace !== undefined &&
  trace.state === 'idle' &&
  !trace.stale &&
  trace.rewards.every((reward) => reward !== null);

/** Waits until the first so many traces of a file are scored. */
export async function scoredTraces(uri: vscode.Uri, count: number): Promise<readonly TraceSummary[]> {
  const api = await steplens();
  const traces = await eventually(
    () => api.traces(uri),
    (found) => found?.slice(0, count).every(isScored) === true,
    { what: `${count} scored traces of ${uri.path}` },
  );
  return traces ?? [];
}

/** Waits until nothing of a file is being scored or waits for it. */
export async function settled(uri: vscode.Uri): Promise<void> {
  const api = await steplens();
  const isQuiet = () =>
    api.traces(uri)?.every(({ state }) => state === 'idle' || state === 'failed') === true;
  await eventually(isQuiet, (quiet) => quiet, { what: `quiet in ${uri.path}` });
}

/** The titles of a document's lenses, or of those on one line (from 0). */
export async function lensTitles(uri: vscode.Uri, line?: number): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    1000,
  );
  return lenses
    .filter((lens) => line === undefined || lens.range.start.line === line)
    .map((lens) => lens.command?.title ?? '');
}
