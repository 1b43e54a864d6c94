import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { ShownTrace, Surface } from '../document/surface';
import type { Trace } from '../document/trace';
import type { TraceChange, TraceDocument } from '../document/trace-document';
import type { TraceDocuments } from '../document/trace-documents';
import { t } from '../l10n';
import type { SurfaceSource } from '../surfaces';
import { type Layout, layOut } from './layout';
import { fromAddress, READABLE_SCHEME, type ReadableAddress, toAddress } from './readable-uri';

/** A readable view that is open. */
interface View {
  readonly source: TraceDocument;
  readonly trace: Trace;
  readonly layout: Layout;
}

/** A readable view as a surface, with its layout. */
export interface ReadableSurface extends Surface {
  readonly layout: Layout;
}

/**
 * The documents of the scheme `steplens:`, each one trace written out. They follow their file: what is edited or scored
 * there is seen here. The file is opened where it is not, as after a restart.
 */
export class ReadableViews extends Disposable implements vscode.TextDocumentContentProvider, SurfaceSource {
  private readonly views = new Map<string, View>();
  private readonly textChanged = this._register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.textChanged.event;
  private readonly shownChanged = this._register(new vscode.EventEmitter<TraceChange>());
  /** A view has got its text, or another one. */
  readonly onDidShow = this.shownChanged.event;

  constructor(private readonly documents: TraceDocuments) {
    super();
    const { workspace } = vscode;
    this._register(workspace.registerTextDocumentContentProvider(READABLE_SCHEME, this));
    this._register(documents.onDidChange(({ document }) => this.follow(document)));
    this._register(documents.onDidClose((document) => this.renew(document)));
    this._register(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === READABLE_SCHEME) this.announce(document.uri);
      }),
    );
    this._register(
      workspace.onDidOpenTextDocument(({ uri }) => {
        if (uri.scheme === READABLE_SCHEME) this.announce(uri);
      }),
    );
    this._register(
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === READABLE_SCHEME) this.views.delete(uri.toString());
      }),
    );
  }

  /** The address of a trace's readable view. */
  uriOf(source: TraceDocument, trace: Trace): vscode.Uri {
    return vscode.Uri.from({
      scheme: READABLE_SCHEME,
      ...toAddress({ source: source.uri.toString(), id: trace.id }),
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const address = fromAddress(uri.query);
    if (!address) return t('This is no address of a trace.');
    const view = await this.view(address);
    if (!view) return t('The trace {0} is not in {1} any more.', address.id, address.source);
    this.views.set(uri.toString(), view);
    return view.layout.text;
  }

  get(document: vscode.TextDocument): ReadableSurface | undefined {
    const view = this.views.get(document.uri.toString());
    // Between a change of the file and the new text of the view nothing can be said of places in it.
    if (!view || document.getText() !== view.layout.text) return undefined;
    const { layout, source, trace } = view;
    const shown: ShownTrace = {
      trace,
      start: 0,
      end: layout.text.length,
      steps: () => layout.steps.map((step) => [step]),
    };
    return { uri: document.uri, kind: 'readable', source, shown: [shown], layout };
  }

  private async view({ source, id }: ReadableAddress): Promise<View | undefined> {
    const document =
      this.documents.byUri(source) ?? (await this.documents.openUri(vscode.Uri.parse(source, true)));
    const trace = document?.traces.find((candidate) => candidate.id === id);
    return (
      document && trace && { source: document, trace, layout: layOut(trace, document.format?.label ?? '') }
    );
  }

  private follow(document: TraceDocument): void {
    for (const [key, view] of this.views) {
      if (view.source !== document && view.source.uri.toString() !== document.uri.toString()) continue;
      const uri = vscode.Uri.parse(key, true);
      const id = fromAddress(uri.query)?.id;
      const trace = document.traces.find((candidate) => candidate.id === id);
      if (!trace) continue; // it may come back with the next reading
      const layout = layOut(trace, document.format?.label ?? '');
      const same = layout.text === view.layout.text;
      this.views.set(key, { source: document, trace, layout: same ? view.layout : layout });
      if (!same) this.textChanged.fire(uri);
    }
  }

  /** A trace of a large file was let go of, to be read otherwise: its views ask for it again. */
  private renew(source: TraceDocument): void {
    if (source.document) return;
    for (const [key, view] of this.views) {
      if (view.source === source) this.textChanged.fire(vscode.Uri.parse(key, true));
    }
  }

  private announce(uri: vscode.Uri): void {
    const view = this.views.get(uri.toString());
    if (view) this.shownChanged.fire({ document: view.source, kind: 'content', traces: [] });
  }
}
