import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { LargeSource } from '../document/trace-documents';
import type { TraceOrigin } from '../document/trace-origin';
import { fromAddress, READABLE_SCHEME } from '../readable/readable-uri';
import type { ReadingSink } from '../reading/reader';
import type { ReadingTerms } from '../reading/terms';
import { rowOf } from './large-address';
import { LargeFile, type LargeSink } from './large-file';

/** Shows a trace of a large file among its others. */
export type Reveal = (
  file: vscode.Uri,
  row: number,
  step: number | undefined,
  focus: boolean,
) => Promise<void>;

/** A file that no editor shows is let go of after this long without a question. */
const IDLE_MS = 60_000;

/**
 * The large files that are being read, one thread each. An editor opens a file and gets its rows; single traces are read by the
 * editor's thread or, where only a view of such a trace is open, by one that is started for it.
 */
export class LargeFiles extends Disposable implements LargeSource {
  private readonly shown = new Map<string, LargeFile>();
  private readonly unseen = new Map<string, Unseen>();
  /** Set by what shows large files. */
  reveal: Reveal | undefined;

  /** @param script the bundled `large-reader.js` */
  constructor(
    private readonly script: string,
    private readonly terms: (uri: vscode.Uri) => ReadingTerms,
  ) {
    super();
  }

  /** Opens a file for an editor, which disposes of it. */
  open(uri: vscode.Uri, sink: LargeSink): LargeFile {
    const path = uri.fsPath;
    const file = new LargeFile(this.script, path, this.terms(uri), sink);
    this.shown.set(path, file);
    this.release(path);
    return file;
  }

  originOf(uri: vscode.Uri): TraceOrigin | undefined {
    const row = rowOf(uri.fragment);
    if (row === undefined || uri.scheme !== 'file') return undefined;
    const file = uri.with({ fragment: '' });
    return {
      uri,
      document: undefined,
      read: (_confidence, sink, signal) => this.read(file, row, sink, signal),
      reveal: async (step, focus) => this.reveal?.(file, row, step, focus),
    };
  }

  isShown(uri: string): boolean {
    return vscode.workspace.textDocuments.some(
      (document) =>
        document.uri.scheme === READABLE_SCHEME && fromAddress(document.uri.query)?.source === uri,
    );
  }

  override dispose(): void {
    for (const path of [...this.unseen.keys()]) this.release(path);
    for (const file of this.shown.values()) file.dispose();
    super.dispose();
  }

  private async read(uri: vscode.Uri, row: number, sink: ReadingSink, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const shown = this.shown.get(uri.fsPath);
    const file = shown && !shown.disposed ? shown : this.begin(uri);
    try {
      const trace = await file.read(row);
      signal.throwIfAborted();
      sink.onFormat(trace && file.format ? file.format : null);
      if (trace) sink.onTraces([trace], []);
    } finally {
      this.rest(uri.fsPath);
    }
  }

  private begin(uri: vscode.Uri): LargeFile {
    const path = uri.fsPath;
    const known = this.unseen.get(path);
    const unseen = known ?? { file: new LargeFile(this.script, path, this.terms(uri), NO_SINK), users: 0 };
    clearTimeout(unseen.idle);
    unseen.users++;
    this.unseen.set(path, unseen);
    return unseen.file;
  }

  private rest(path: string): void {
    const known = this.unseen.get(path);
    if (!known || --known.users > 0) return;
    known.idle = setTimeout(() => this.release(path), IDLE_MS).unref();
  }

  private release(path: string): void {
    const known = this.unseen.get(path);
    this.unseen.delete(path);
    clearTimeout(known?.idle);
    known?.file.dispose();
  }
}

interface Unseen {
  readonly file: LargeFile;
  /** Questions that are not answered yet. */
  users: number;
  idle?: NodeJS.Timeout;
}

const NO_SINK: LargeSink = { onFormat() {}, onRows() {}, onProgress() {}, onFailure() {} };
