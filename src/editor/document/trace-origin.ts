import type * as vscode from 'vscode';
import type { Reader, ReadingSink } from '../reading/reader';
import type { ReadingTerms } from '../reading/terms';

/** Where the traces of a file come from. */
export interface TraceOrigin {
  readonly uri: vscode.Uri;
  /** The text that holds them; undefined for a trace of a file that is too large to be a text document. */
  readonly document: vscode.TextDocument | undefined;
  /**
   * Reads them as they are now.
   * @throws {DOMException} `AbortError` when the signal fires
   */
  read(confidence: number, sink: ReadingSink, signal: AbortSignal): Promise<void>;
  /** Shows where a step stands; only for what has no text document. */
  reveal?(step: number | undefined, focus: boolean): Promise<void>;
}

/** The traces of an open text document, read in the reading thread. */
export class TextOrigin implements TraceOrigin {
  constructor(
    readonly document: vscode.TextDocument,
    private readonly reader: Reader,
    /** How it is to be read, as the settings are now. */
    private readonly terms: () => ReadingTerms,
  ) {}

  get uri(): vscode.Uri {
    return this.document.uri;
  }

  async read(confidence: number, sink: ReadingSink, signal: AbortSignal): Promise<void> {
    const name = this.uri.path.split('/').at(-1) ?? '';
    const order = { text: this.document.getText(), name, confidence, terms: this.terms() };
    await this.reader.read(order, sink, signal);
  }
}
