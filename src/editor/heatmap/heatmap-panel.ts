import * as vscode from 'vscode';
import type { HostMessage, PageMessage } from '../../heatmap/protocol';
import { parsePageMessage } from '../../heatmap/validate';
import { Disposable } from '../disposable';
import { stepAt, traceAt } from '../document/surface';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import type { Navigator } from '../navigator';
import type { ScoringService } from '../scoring/scoring-service';
import type { Settings } from '../settings';
import type { Surfaces } from '../surfaces';
import { HeatmapFeed } from './feed';
import { type CellPlace, OwnMoves } from './own-moves';
import { heatmapSettings, initMessage, loadPage, stepMessage } from './page';
import { saveExport } from './save-export';

/** What a panel works with. */
export interface PanelParts {
  readonly extension: vscode.Uri;
  readonly surfaces: Surfaces;
  readonly scoring: ScoringService;
  readonly settings: Settings;
  readonly navigator: Navigator;
  readonly log: (line: string) => void;
}

const PAUSE_MS = 80;

/** The heatmap of one file: the other end of the page's protocol. */
export class HeatmapPanel extends Disposable {
  private readonly feed: HeatmapFeed;
  private readonly waiting = new Set<Trace>();
  private pause: NodeJS.Timeout | undefined;
  private ready = false;
  private wanted: CellPlace | undefined;
  private readonly ownMoves = new OwnMoves();
  private progress = '';
  private sending: Promise<void> = Promise.resolve();

  constructor(
    readonly panel: vscode.WebviewPanel,
    private shownDocument: TraceDocument,
    private readonly parts: PanelParts,
  ) {
    super();
    const { surfaces, settings, scoring } = parts;
    this.feed = new HeatmapFeed(
      (message) => this.post(message),
      (generation) => this.initMessage(generation),
    );
    const { webview } = panel;
    const icon = (theme: string) => vscode.Uri.joinPath(parts.extension, 'media', `heatmap-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this._register(webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this._register(panel.onDidDispose(() => this.dispose()));
    this._register(
      surfaces.documents.onDidChange((change) => {
        if (change.document === this.document && change.kind !== 'progress') this.changed(change.traces);
      }),
    );
    this._register(scoring.onDidChangeQueue(() => this.soon()));
    this._register(
      settings.onDidChange(() => {
        this.post({ type: 'settings', settings: heatmapSettings(settings, this.document.uri) });
      }),
    );
    this._register(vscode.window.onDidChangeTextEditorSelection((event) => this.followCursor(event)));
    loadPage(webview, parts.extension);
  }

  /** The file that is shown. */
  get document(): TraceDocument {
    return this.shownDocument;
  }

  /** Shows the same file by another object: it was closed and is open again. */
  show(document: TraceDocument): void {
    this.shownDocument = document;
    if (this.ready) this.enqueue(() => this.feed.restart(document.traces));
  }

  /** Selects a step in the page, as soon as that is there. */
  select(trace: number, step: number | undefined): void {
    this.wanted = { trace, step };
    if (this.ready) this.enqueue(async () => undefined); // after the rows that are on their way
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
    this.panel.dispose();
  }

  private initMessage(generation: number): HostMessage {
    const model = this.document.traces.find((trace) => trace.scored)?.scored?.model.name;
    return initMessage(generation, this.document.uri, this.parts.settings, model);
  }

  private changed(traces: readonly Trace[]): void {
    for (const trace of traces) this.waiting.add(trace);
    this.soon();
  }

  /** Changes are gathered: while scoring, one message a moment and not one a trace. */
  private soon(): void {
    if (!this.ready) return;
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      const changed = [...this.waiting];
      this.waiting.clear();
      this.enqueue(() => this.feed.sync(this.document.traces, changed));
    }, PAUSE_MS);
  }

  /** One after the other: what is sent last must be what is newest. */
  private enqueue(send: () => Promise<void>): void {
    this.sending = this.sending
      .then(async () => {
        if (this.disposed) return;
        await send();
        this.sendProgress();
        this.sendSelection();
      })
      .catch((error: unknown) => this.parts.log(`heatmap: ${String(error)}`));
  }

  private sendProgress(): void {
    const { document } = this;
    const total = document.traces.length;
    const pending = this.parts.scoring.pending(document);
    const phase = document.isRead ? (pending > 0 ? 'scoring' : 'idle') : 'reading';
    const message = {
      type: 'progress',
      generation: this.feed.generation,
      phase,
      done: phase === 'reading' ? total : total - pending,
      total: phase === 'reading' ? null : total,
      note: '',
    } as const;
    const text = JSON.stringify(message);
    if (text === this.progress) return;
    this.progress = text;
    this.post(message);
  }

  private sendSelection(): void {
    const wanted = this.wanted;
    this.wanted = undefined;
    if (!wanted) return;
    const { generation } = this.feed;
    this.post({ type: 'select', generation, row: wanted.trace, step: wanted.step ?? null });
  }

  private followCursor({ textEditor, selections }: vscode.TextEditorSelectionChangeEvent): void {
    const surface = this.parts.surfaces.get(textEditor.document);
    const position = selections[0]?.active;
    if (!this.ready || surface?.source !== this.document || !position) return;
    const offset = textEditor.document.offsetAt(position);
    const shown = traceAt(surface, offset);
    if (!shown) return;
    const place = { trace: shown.trace.index, step: stepAt(shown, offset) };
    if (!this.ownMoves.isOwn(place)) this.select(place.trace, place.step);
  }

  private receive(value: unknown): void {
    const parsed = parsePageMessage(value);
    if ('problem' in parsed) this.parts.log(`heatmap: a message was dropped: ${parsed.problem}`);
    else void this.answer(parsed.message);
  }

  private async answer(message: PageMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.progress = '';
        return this.enqueue(() => this.feed.restart(this.document.traces));
      case 'select':
        return this.onSelect(message);
      case 'askStep':
        return this.sendStep(message);
      case 'score':
        return void vscode.commands.executeCommand('steplens.scoreFile', this.document.uri);
      case 'cancel':
        return this.parts.scoring.cancel(this.document);
      case 'export':
        return this.post(await saveExport(message, this.document.uri));
      case 'problem':
        return this.parts.log(`heatmap: ${message.reason}`);
    }
  }

  private async onSelect(message: Extract<PageMessage, { type: 'select' }>): Promise<void> {
    const trace = this.traceOf(message);
    if (!trace) return;
    const isVisible = vscode.window.visibleTextEditors.some((e) => e.document === this.document.document);
    if (!message.open && !isVisible) return;
    const step = message.step ?? undefined;
    this.ownMoves.expect({ trace: trace.index, step });
    await this.parts.navigator.open(this.document, trace, step, { focus: message.open });
  }

  private sendStep(message: Extract<PageMessage, { type: 'askStep' }>): void {
    const trace = this.traceOf(message);
    const answer = trace && stepMessage(message, trace);
    if (answer) this.post(answer);
  }

  private traceOf({ generation, row }: { generation: number; row: number }): Trace | undefined {
    return generation === this.feed.generation ? this.document.traces[row] : undefined;
  }

  private post(message: HostMessage): void {
    if (this.ready && !this.disposed) void this.panel.webview.postMessage(message);
  }
}
