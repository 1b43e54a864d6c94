import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { Reader } from '../reading/reader';
import type { ReadingTerms } from '../reading/terms';
import { type TraceChange, TraceDocument } from './trace-document';
import { TextOrigin, type TraceOrigin } from './trace-origin';

/** Text documents of these languages are looked at. Anything else is read only when a command asks for it. */
const LANGUAGES = new Set(['json', 'jsonc', 'jsonl', 'jsonlines', 'ndjson', 'markdown', 'plaintext']);
/** Schemes of documents that are never trace files: our own views, VS Code's own texts, cells, comparisons. */
const OTHER_SCHEMES =
  /^(steplens|output|git|scm|vscode(-.*)?|debug|comment|interactive|search-editor|walkThrough.*|chat.*)$/;
/** Virtual file systems have schemes of that look, too. */
const FILE_SCHEMES = /^vscode-(remote|vfs)$/;
/** How long the typing must pause before the text is read again. */
const PAUSE_MS = 300;
/** Characters in one change from which on an unrecognised document is looked at again. */
const PASTED = 200;

/** Traces of large files that are kept although they are shown nowhere. */
const LARGE_KEPT = 24;

/** Traces of files that are no text documents, each with an address of its own. */
export interface LargeSource {
  /** Undefined where the address is not one of a trace in a large file. */
  originOf(uri: vscode.Uri): TraceOrigin | undefined;
  /** Whether the trace at an address is on show. */
  isShown(uri: string): boolean;
}

/** The trace files among the open documents, and the traces of large files that are looked at. */
export class TraceDocuments extends Disposable {
  private readonly open = new Map<vscode.TextDocument, TraceDocument>();
  /** By address, those asked for last at the end. */
  private readonly large = new Map<string, TraceDocument>();
  private readonly reads = new WeakMap<TraceDocument, Promise<boolean>>();
  private readonly pauses = new Map<TraceDocument, NodeJS.Timeout>();
  private readonly changed = this._register(new vscode.EventEmitter<TraceChange>());
  readonly onDidChange = this.changed.event;
  private readonly closed = this._register(new vscode.EventEmitter<TraceDocument>());
  readonly onDidClose = this.closed.event;

  constructor(
    private readonly reader: Reader,
    private readonly terms: (uri: vscode.Uri) => ReadingTerms,
    private readonly largeSource: LargeSource,
    private readonly onError: (error: unknown) => void,
  ) {
    super();
    const { workspace } = vscode;
    this._register(workspace.onDidOpenTextDocument((document) => this.consider(document)));
    this._register(workspace.onDidCloseTextDocument((document) => this.forget(document)));
    this._register(workspace.onDidChangeTextDocument((event) => this.follow(event)));
  }

  /** Looks at the documents that are open already. */
  start(): void {
    for (const document of vscode.workspace.textDocuments) this.consider(document);
  }

  /** The recognised trace files. */
  get all(): readonly TraceDocument[] {
    return [...this.open.values(), ...this.large.values()].filter((document) => document.format);
  }

  /** The trace file of a document; undefined where it is none. */
  get(document: vscode.TextDocument): TraceDocument | undefined {
    const found = this.open.get(document);
    return found?.format ? found : undefined;
  }

  byUri(uri: string): TraceDocument | undefined {
    return this.all.find((document) => document.uri.toString() === uri);
  }

  /**
   * The document as a trace file because a person says it is one: whatever format fits best is taken. Resolves when it is
   * read; undefined where no trace can be read from it.
   */
  async insist(document: vscode.TextDocument): Promise<TraceDocument | undefined> {
    const known = this.open.get(document);
    if (known?.format && known.isRead) return known;
    const traces = known ?? this.add(document);
    await traces.read(traces.format ? undefined : 0);
    return traces.format ? traces : undefined;
  }

  /** The trace file at an address, opened (unseen) where it is not open. */
  async openUri(uri: vscode.Uri): Promise<TraceDocument | undefined> {
    const origin = this.largeSource.originOf(uri);
    if (origin) return this.openLarge(origin);
    return this.insist(await vscode.workspace.openTextDocument(uri));
  }

  /** Reads all open documents again, as they are to be read otherwise now. */
  readAgain(): void {
    for (const document of [...this.large.keys()]) this.forgetLarge(document);
    for (const document of this.open.values()) document.read().catch(this.onError);
  }

  override dispose(): void {
    for (const document of [...this.open.keys()]) this.forget(document);
    for (const uri of [...this.large.keys()]) this.forgetLarge(uri);
    super.dispose();
  }

  private async openLarge(origin: TraceOrigin): Promise<TraceDocument | undefined> {
    const key = origin.uri.toString();
    let document = this.large.get(key);
    this.large.delete(key);
    if (!document) {
      document = new TraceDocument(origin);
      document.onDidChange((change) => this.changed.fire(change));
    }
    this.large.set(key, document);
    this.trimLarge();
    await this.readOnce(document);
    return document.format ? document : undefined;
  }

  /** Whoever asks for a trace while it is being read waits for the same reading. */
  private async readOnce(document: TraceDocument): Promise<void> {
    const reading = this.reads.get(document) ?? document.read(0);
    this.reads.set(document, reading);
    try {
      await reading;
    } catch (error) {
      this.reads.delete(document);
      throw error;
    }
  }

  private trimLarge(): void {
    for (const uri of [...this.large.keys()]) {
      if (this.large.size <= LARGE_KEPT) return;
      if (!this.largeSource.isShown(uri)) this.forgetLarge(uri);
    }
  }

  private forgetLarge(uri: string): void {
    const document = this.large.get(uri);
    if (!document) return;
    this.large.delete(uri);
    this.closed.fire(document);
    document.dispose();
  }

  private consider(document: vscode.TextDocument): void {
    if (this.open.has(document) || !LANGUAGES.has(document.languageId)) return;
    const { scheme } = document.uri;
    if (OTHER_SCHEMES.test(scheme) && !FILE_SCHEMES.test(scheme)) return;
    this.add(document).read().catch(this.onError);
  }

  private add(document: vscode.TextDocument): TraceDocument {
    const origin = new TextOrigin(document, this.reader, () => this.terms(document.uri));
    const traces = new TraceDocument(origin);
    this.open.set(document, traces);
    traces.onDidChange((change) => this.changed.fire(change));
    return traces;
  }

  private follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const traces = this.open.get(document);
    if (!traces || contentChanges.length === 0) return;
    // What is no trace file is not read at every word that is typed into it, but traces may be pasted.
    if (!traces.format && !contentChanges.some((change) => change.text.length >= PASTED)) return;
    traces.follow(contentChanges);
    clearTimeout(this.pauses.get(traces));
    const pause = setTimeout(() => traces.read().catch(this.onError), PAUSE_MS);
    this.pauses.set(traces, pause);
  }

  private forget(document: vscode.TextDocument): void {
    const traces = this.open.get(document);
    if (!traces) return;
    this.open.delete(document);
    clearTimeout(this.pauses.get(traces));
    this.pauses.delete(traces);
    this.closed.fire(traces);
    traces.dispose();
  }
}
