import * as vscode from 'vscode';
import { Disposable } from './disposable';
import { type ShownTrace, type Surface, stepAt, traceAt, within } from './document/surface';
import type { Trace } from './document/trace';
import type { TraceChange } from './document/trace-document';
import type { TraceDocuments } from './document/trace-documents';

/** A place where surfaces other than the files themselves come from: the readable views. */
export interface SurfaceSource {
  /** A surface has got its text, or another one. */
  readonly onDidShow: vscode.Event<TraceChange>;
  get(document: vscode.TextDocument): Surface | undefined;
}

/** An editor that shows traces. */
export interface TraceEditor {
  readonly editor: vscode.TextEditor;
  readonly surface: Surface;
}

/** Where a cursor or a mouse is. */
export interface Place {
  readonly surface: Surface;
  readonly shown: ShownTrace;
  /** Number of the step; undefined beside the steps. */
  readonly step: number | undefined;
}

/** All text in which traces are shown, files and readable views alike. */
export class Surfaces extends Disposable {
  private readonly changed = this._register(new vscode.EventEmitter<TraceChange>());
  /** Something that is shown of a file's traces has changed, in the file and in its readable views. */
  readonly onDidChange = this.changed.event;

  constructor(
    readonly documents: TraceDocuments,
    private readonly readable: SurfaceSource,
  ) {
    super();
    this._register(documents.onDidChange((change) => this.changed.fire(change)));
    this._register(readable.onDidShow((change) => this.changed.fire(change)));
  }

  get(document: vscode.TextDocument): Surface | undefined {
    return this.documents.get(document) ?? this.readable.get(document);
  }

  /** The active editor, if it shows traces. */
  get active(): TraceEditor | undefined {
    const editor = vscode.window.activeTextEditor;
    const surface = editor && this.get(editor.document);
    return surface && { editor, surface };
  }

  get visible(): TraceEditor[] {
    return vscode.window.visibleTextEditors.flatMap((editor) => {
      const surface = this.get(editor.document);
      return surface ? [{ editor, surface }] : [];
    });
  }

  /** What stands at a position of a document. */
  at(document: vscode.TextDocument, position: vscode.Position): Place | undefined {
    const surface = this.get(document);
    if (!surface) return undefined;
    const offset = document.offsetAt(position);
    const shown = traceAt(surface, offset);
    return shown && { surface, shown, step: stepAt(shown, offset) };
  }

  /** Where the active editor's cursor is. */
  get cursor(): Place | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor && this.at(editor.document, editor.selection.active);
  }

  /** The traces that are on the screen, in any editor. */
  get onScreen(): ReadonlySet<Trace> {
    const traces = this.visible.flatMap(({ editor, surface }) =>
      visibleTraces(editor, surface).map((shown) => shown.trace),
    );
    return new Set(traces);
  }
}

/** The traces in an editor's window, and so many lines above and below it. */
export function visibleTraces(
  editor: vscode.TextEditor,
  surface: Surface,
  margin = 0,
): readonly ShownTrace[] {
  const { document, visibleRanges } = editor;
  const found = visibleRanges.flatMap((range) => {
    const start = document.offsetAt(new vscode.Position(Math.max(0, range.start.line - margin), 0));
    const end = document.offsetAt(new vscode.Position(range.end.line + margin + 1, 0));
    return within(surface.shown, start, Math.max(start, end - 1));
  });
  return visibleRanges.length > 1 ? [...new Set(found)] : found;
}

/** A stretch of a document as VS Code wants it. */
export function rangeOf(
  document: vscode.TextDocument,
  { start, end }: { start: number; end: number },
): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
