import * as vscode from 'vscode';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import { rangeOf } from '../surfaces';
import type { ReadableViews } from './readable-views';

/** Opens a trace's readable view, with the cursor on a step. */
export async function showReadable(
  views: ReadableViews,
  source: TraceDocument,
  trace: Trace,
  step: number | undefined,
  options: vscode.TextDocumentShowOptions,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(views.uriOf(source, trace));
  const editor = await vscode.window.showTextDocument(document, options);
  const place = step === undefined ? undefined : views.get(document)?.layout.steps[step];
  if (!place) return;
  const range = rangeOf(document, place);
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
