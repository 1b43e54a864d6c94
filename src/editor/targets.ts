import * as vscode from 'vscode';
import { asTarget, type StepTarget } from './commands';
import type { Trace } from './document/trace';
import type { TraceDocument } from './document/trace-document';
import { t } from './l10n';
import type { Surfaces } from './surfaces';

/** A trace, and where known a step of it, that a command is about. */
export interface Aim {
  readonly document: TraceDocument;
  readonly trace: Trace;
  readonly step: number | undefined;
}

/** A command cannot be done; the message is for the person. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Finds what a command is about: what it was given, else where the active editor's cursor is. */
export class Targets {
  /** @param heatmap the file whose heatmap has the keyboard */
  constructor(
    private readonly surfaces: Surfaces,
    private readonly heatmap: () => TraceDocument | undefined,
  ) {}

  /** @throws {CommandError} there is no such trace, or the cursor is in none */
  async aim(given: unknown): Promise<Aim> {
    const target = asTarget(given);
    if (!target) return this.atCursor();
    const document =
      this.surfaces.documents.byUri(target.uri) ??
      (await this.surfaces.documents.openUri(vscode.Uri.parse(target.uri, true)));
    const trace = document?.traces[target.trace];
    if (!document || !trace) throw new CommandError(t('This trace is no longer in the file.'));
    return { document, trace, step: target.step };
  }

  /** The step that a command is about. @throws {CommandError} where there is none */
  async step(given: unknown): Promise<Aim & { readonly step: number }> {
    const aim = await this.aim(given);
    const { step } = aim;
    if (step === undefined || step >= aim.trace.trajectory.steps.length) {
      throw new CommandError(t('Put the cursor into a step first.'));
    }
    return { ...aim, step };
  }

  /**
   * The trace file that a command is about: a given one, else the active editor's or heatmap's, else the only one that
   * is open. A file that was not recognised is read as whatever fits best.
   * @throws {CommandError} there is none, or no trace can be read from it
   */
  async file(given?: unknown): Promise<TraceDocument> {
    if (given instanceof vscode.Uri) return this.readable(await vscode.workspace.openTextDocument(given));
    const editor = vscode.window.activeTextEditor;
    if (editor) return this.readable(editor.document);
    const shown = this.heatmap();
    if (shown) return shown;
    const [only, ...others] = this.surfaces.documents.all;
    if (only && others.length === 0) return only;
    throw new CommandError(t('Open a file with traces first.'));
  }

  private async readable(text: vscode.TextDocument): Promise<TraceDocument> {
    const shown = this.surfaces.get(text);
    if (shown) return shown.source;
    const document = await this.surfaces.documents.insist(text);
    if (document && document.traces.length > 0) return document;
    throw new CommandError(document?.problems[0]?.reason ?? t('No trace can be read from this file.'));
  }

  private async atCursor(): Promise<Aim> {
    const document = await this.file();
    const place = this.surfaces.cursor;
    if (!place) throw new CommandError(t('Put the cursor into a trace first.'));
    return { document, trace: place.shown.trace, step: place.step };
  }
}

/** Plain data that names a trace or a step. */
export function targetOf(document: TraceDocument, trace: Trace, step?: number): StepTarget {
  return { uri: document.uri.toString(), trace: trace.index, ...(step === undefined ? {} : { step }) };
}
