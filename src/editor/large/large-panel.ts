import * as vscode from 'vscode';
import type { HostMessage, PageMessage } from '../../heatmap/protocol';
import { parsePageMessage } from '../../heatmap/validate';
import { Disposable } from '../disposable';
import type { TraceChange, TraceDocument } from '../document/trace-document';
import type { TraceDocuments } from '../document/trace-documents';
import { heatmapSettings, initMessage, loadPage, stepMessage } from '../heatmap/page';
import { rewardsOf } from '../heatmap/rows';
import { saveExport } from '../heatmap/save-export';
import { t } from '../l10n';
import type { ReadableViews } from '../readable/readable-views';
import { showReadable } from '../readable/show-readable';
import type { ScoringService } from '../scoring/scoring-service';
import type { Settings } from '../settings';
import { fragmentOf, rowOf } from './large-address';
import type { LargeFile } from './large-file';
import type { LargeFiles } from './large-files';
import { LargeScoring } from './large-scoring';
import { type LargeProgress, MAX_ROWS } from './protocol';

/** What an editor of a large file works with. */
export interface LargeParts {
  readonly extension: vscode.Uri;
  readonly files: LargeFiles;
  readonly documents: TraceDocuments;
  readonly views: ReadableViews;
  readonly scoring: ScoringService;
  readonly settings: Settings;
  readonly log: (line: string) => void;
  readonly onFault: (fault: string) => void;
}

/**
 * The editor of one large file: the heatmap's page, fed from the file as it is read, and each trace in its readable view
 * beside it. The host holds no more than the traces that are looked at.
 */
export class LargePanel extends Disposable {
  private readonly scoring: LargeScoring;
  private file: LargeFile | undefined;
  private generation = 0;
  private progress: LargeProgress = { rows: 0, problems: 0, share: 0, phase: 'reading' };
  private failure: string | undefined;
  /** Steps of the rows that the page has, by which rewards are told. */
  private listed = 0;
  private model: string | undefined;
  private wanted: { readonly row: number; readonly step: number | undefined } | undefined;
  /** What the page is told once it is there. */
  private early: HostMessage[] | undefined = [];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    readonly uri: vscode.Uri,
    private readonly parts: LargeParts,
  ) {
    super();
    const { documents, settings } = parts;
    this.scoring = new LargeScoring(
      parts.scoring,
      (row) => this.trace(row),
      () => this.sendProgress(),
    );
    this._register(panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message)));
    this._register(panel.onDidDispose(() => this.dispose()));
    this._register(documents.onDidChange((change) => this.follow(change)));
    this._register(
      settings.onDidChange((event) => {
        // Rows and rewards are others then.
        if (settings.affects(event, 'split', 'fields', 'gold', 'cpmi', 'model')) this.restart();
        else this.post({ type: 'settings', settings: heatmapSettings(settings, uri) });
      }),
    );
    loadPage(panel.webview, parts.extension);
    this.restart(); // not only when the page is there: by then the first trace can be on the screen
  }

  get active(): boolean {
    return this.panel.active;
  }

  /** Selects a step in the page once it is there. */
  select(row: number, step: number | undefined): void {
    this.panel.reveal();
    this.wanted = { row, step };
    this.sendSelection();
  }

  /** Opens a trace's readable view beside; false where there is none of that number. */
  async openTrace(row: number, step: number | undefined, focus: boolean): Promise<boolean> {
    const document = await this.trace(row);
    const trace = document?.traces[0];
    if (!document || !trace) return false;
    await showReadable(this.parts.views, document, trace, step, {
      preview: true,
      preserveFocus: !focus,
      viewColumn: (this.panel.viewColumn ?? vscode.ViewColumn.One) + 1,
    });
    return true;
  }

  override dispose(): void {
    this.scoring.cancel();
    this.file?.dispose();
    super.dispose();
  }

  private trace(row: number): Promise<TraceDocument | undefined> {
    return this.parts.documents.openUri(this.uri.with({ fragment: fragmentOf(row) }));
  }

  /** The page is there; one that was loaded anew has nothing. */
  private begin(): void {
    const { early } = this;
    this.early = undefined;
    if (!early) this.restart();
    else for (const message of early) this.post(message);
  }

  /** Reads the file from its start, for a page that has nothing. */
  private restart(): void {
    this.scoring.cancel();
    this.file?.dispose();
    this.generation++;
    this.listed = 0;
    this.failure = undefined;
    const { generation } = this;
    this.post(initMessage(generation, this.uri, this.parts.settings, this.model));
    const isCurrent = () => generation === this.generation && !this.disposed;
    this.file = this.parts.files.open(this.uri, {
      onFormat: (format, faults) => {
        for (const fault of faults) this.parts.onFault(fault);
        if (!format && isCurrent()) this.fail(t('No trace can be read from this file.'));
      },
      onRows: ({ start, ids, lines, outcomes, steps }) => {
        if (!isCurrent()) return;
        const formats = ids.map(() => this.file?.format?.id ?? '');
        this.post({ type: 'rows', generation, batch: { start, ids, lines, formats, outcomes, steps } });
        this.listed = start + ids.length;
        // The first trace is shown as soon as it is there.
        if (start === 0 && generation === 1) this.openTrace(0, undefined, false).catch(this.report);
        this.sendSelection();
      },
      onProgress: (progress) => {
        if (!isCurrent()) return;
        this.progress = progress;
        this.sendProgress();
      },
      onFailure: (message) => {
        if (isCurrent()) this.fail(message);
      },
    });
  }

  private fail(message: string): void {
    this.failure = message;
    this.progress = { ...this.progress, phase: 'done' };
    this.sendProgress();
    void vscode.window.showErrorMessage(t('{0}: {1}', this.uri.path.split('/').at(-1) ?? '', message));
  }

  private sendProgress(): void {
    const { rows, share, phase } = this.progress;
    const { generation } = this;
    if (this.scoring.running) {
      const total = phase === 'done' ? rows : null;
      this.post({ type: 'progress', generation, phase: 'scoring', done: this.scoring.done, total, note: '' });
      return;
    }
    const note =
      this.failure ??
      (phase === 'reading'
        ? t('{0} % of the file', Math.floor(share * 100))
        : rows > MAX_ROWS || phase === 'paused'
          ? t('The first {0} traces are listed; Go to Trace opens any other.', MAX_ROWS)
          : '');
    const reading = phase === 'reading';
    this.post({
      ...{ type: 'progress', generation, note },
      phase: reading ? 'reading' : 'idle',
      done: rows,
      total: reading ? null : rows,
    });
  }

  /** What becomes known of single traces is shown in their rows. */
  private follow({ document, kind, traces }: TraceChange): void {
    const row = rowOf(document.uri.fragment);
    const [trace] = traces;
    if (row === undefined || row >= this.listed || !trace || kind === 'progress') return;
    if (document.uri.fsPath !== this.uri.fsPath) return;
    const { generation } = this;
    if (trace.state.kind === 'failed') {
      this.post({ type: 'failures', generation, failures: [{ row, reason: trace.state.reason }] });
    } else if (trace.scored) {
      this.model = trace.scored.model.name;
      this.post({ type: 'rewards', generation, rows: [row], rewards: rewardsOf([trace]) });
    }
  }

  private sendSelection(): void {
    const { generation } = this;
    const wanted = this.wanted;
    if (!wanted || wanted.row >= this.listed) return;
    this.wanted = undefined;
    this.post({ type: 'select', generation, row: wanted.row, step: wanted.step ?? null });
  }

  private receive(value: unknown): void {
    const parsed = parsePageMessage(value);
    if ('problem' in parsed) this.parts.log(`large file: a message was dropped: ${parsed.problem}`);
    else this.answer(parsed.message).catch(this.report);
  }

  private async answer(message: PageMessage): Promise<void> {
    if ('generation' in message && message.generation !== this.generation) return;
    switch (message.type) {
      case 'ready':
        return this.begin();
      case 'select':
        if (message.open) await this.openTrace(message.row, message.step ?? undefined, true);
        return;
      case 'askStep': {
        const trace = (await this.trace(message.row))?.traces[0];
        const answer = trace && stepMessage(message, trace);
        if (answer && message.generation === this.generation) this.post(answer);
        return;
      }
      case 'score':
        return this.scoring.start();
      case 'cancel':
        return this.scoring.cancel();
      case 'export':
        return this.post(await saveExport(message, this.uri));
      case 'problem':
        return this.parts.log(`large file: ${message.reason}`);
    }
  }

  private readonly report = (error: unknown): void => {
    this.parts.log(`${this.uri.fsPath}: ${error instanceof Error ? error.message : String(error)}`);
  };

  private post(message: HostMessage): void {
    if (this.early) this.early.push(message);
    else if (!this.disposed) void this.panel.webview.postMessage(message);
  }
}
