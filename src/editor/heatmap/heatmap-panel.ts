import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { heatmapHtml } from '../../heatmap/html';
import { type HostMessage, MAX_STEP_TEXT, type PageMessage } from '../../heatmap/protocol';
import { HEATMAP_STRINGS } from '../../heatmap/strings';
import { parsePageMessage } from '../../heatmap/validate';
import { Disposable } from '../disposable';
import { stepAt, traceAt } from '../document/surface';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import type { Navigator } from '../navigator';
import { formatReward, formatShare } from '../present';
import type { ScoringService } from '../scoring/scoring-service';
import type { Settings } from '../settings';
import type { Surfaces } from '../surfaces';
import { HeatmapFeed } from './feed';
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
  private wanted: { readonly trace: number; readonly step: number | undefined } | undefined;
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
    webview.options = { enableScripts: true, localResourceRoots: [this.pageFolder] };
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
        this.post({ type: 'settings', settings: this.heatmapSettings() });
      }),
    );
    this._register(vscode.window.onDidChangeTextEditorSelection((event) => this.followCursor(event)));
    webview.html = this.html();
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

  private get pageFolder(): vscode.Uri {
    return vscode.Uri.joinPath(this.parts.extension, 'dist', 'heatmap');
  }

  private html(): string {
    const { webview } = this.panel;
    const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(this.pageFolder, name)).toString();
    return heatmapHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      scriptUri: uri('heatmap.js'),
      styleUri: uri('heatmap.css'),
      strings: { title: t(HEATMAP_STRINGS.title), loading: t(HEATMAP_STRINGS.loading) },
      locale: vscode.env.language,
    });
  }

  private initMessage(generation: number): HostMessage {
    const { estimator, templates, negatives } = this.parts.settings.cpmi(this.document.uri);
    const model = this.document.traces.find((trace) => trace.scored)?.scored?.model.name;
    return {
      type: 'init',
      generation,
      title: this.document.uri.path.split('/').at(-1) ?? '',
      measure: {
        name: t('CPMI reward'),
        unit: t('nats per token'),
        detail: [model, `${estimator}, K = ${templates}, M = ${negatives}`]
          .filter((part) => part)
          .join(' · '),
      },
      settings: this.heatmapSettings(),
      strings: Object.fromEntries(Object.entries(HEATMAP_STRINGS).map(([key, text]) => [key, t(text)])),
      locale: vscode.env.language,
    };
  }

  private heatmapSettings() {
    const { uri } = this.document;
    return {
      threshold: this.parts.settings.get('lowThreshold', uri),
      bands: this.parts.settings.get('bands', uri),
    };
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
    this.select(shown.trace.index, stepAt(shown, offset));
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
    await this.parts.navigator.open(this.document, trace, message.step ?? undefined, { focus: message.open });
  }

  private sendStep(message: Extract<PageMessage, { type: 'askStep' }>): void {
    const trace = this.traceOf(message);
    const text = trace?.trajectory.steps[message.step]?.text;
    if (!trace || text === undefined) return;
    const { generation, row, step } = message;
    const cut = text.length > MAX_STEP_TEXT;
    const details = detailsOf(trace, step);
    this.post({ type: 'step', generation, row, step, text: text.slice(0, MAX_STEP_TEXT), cut, details });
  }

  private traceOf({ generation, row }: { generation: number; row: number }): Trace | undefined {
    return generation === this.feed.generation ? this.document.traces[row] : undefined;
  }

  private post(message: HostMessage): void {
    if (this.ready && !this.disposed) void this.panel.webview.postMessage(message);
  }
}

function detailsOf(trace: Trace, step: number): string[] {
  const known = trace.stepReward(step);
  if (!known) return [];
  if (trace.scored?.goldSource === 'verdict') {
    return known.goldShare ? [t('correct with {0}', formatShare(known.goldShare.after))] : [];
  }
  const gold = t('gain of the gold answer {0}', formatReward(known.goldGain));
  const wrong =
    known.contrastGain === null ? [] : [t('gain of the wrong answers {0}', formatReward(known.contrastGain))];
  const share = known.goldShare
    ? [t('gold answer {0} → {1}', formatShare(known.goldShare.before), formatShare(known.goldShare.after))]
    : [];
  return [gold, ...wrong, ...share];
}
