import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import type { Settings } from '../settings';
import { type Surfaces, visibleTraces } from '../surfaces';
import { estimateCost } from './cost';
import { hasGold } from './scorable';
import type { ScoringService } from './scoring-service';

const PAUSE_MS = 150;

/**
 * Scores without being asked: what the cache knows at once, the traces on the screen up to a limit, and traces whose
 * rewards an edit has made outdated.
 */
export class AutoScore extends Disposable {
  private readonly pauses = new Map<TraceDocument, NodeJS.Timeout>();
  private readonly edits = new Map<TraceDocument, NodeJS.Timeout>();
  /** Tokens that were spent unasked, by file. */
  private readonly spent = new WeakMap<TraceDocument, number>();
  /** Traces that the cache was asked about under the settings as they are. */
  private asked = new WeakSet<Trace>();
  /** Traces that a person cancelled or cleared are left alone. */
  private readonly declined = new WeakSet<Trace>();
  private blocked = false;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly scoring: ScoringService,
    private readonly settings: Settings,
  ) {
    super();
    this._register(
      surfaces.onDidChange(({ document, kind, traces }) => {
        if (kind === 'content') this.soon(document);
        // What is being computed for a text that is no more is of no use.
        if (traces.some((trace) => trace.edited)) scoring.cancel(document, (trace) => trace.edited);
        if (traces.some((trace) => trace.stale)) this.afterEdit(document);
      }),
    );
    this._register(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.lookAt(textEditor)),
    );
    this._register(
      vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((e) => void this.lookAt(e))),
    );
    this._register(surfaces.documents.onDidClose((document) => this.forget(document)));
    this._register(vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.onTabsClosed(closed)));
    this._register(
      scoring.onModelUnusable(() => {
        this.blocked = true;
      }),
    );
    this._register(settings.onDidChange((event) => this.onSettings(event)));
  }

  /** A person does not want these scored unasked. */
  decline(traces: readonly Trace[]): void {
    for (const trace of traces) this.declined.add(trace);
  }

  override dispose(): void {
    for (const timer of [...this.pauses.values(), ...this.edits.values()]) clearTimeout(timer);
    super.dispose();
  }

  private onSettings(event: vscode.ConfigurationChangeEvent): void {
    if (this.settings.affects(event, 'model', 'cpmi')) {
      this.blocked = false;
      this.asked = new WeakSet();
      this.scoring.cancel();
      for (const document of this.surfaces.documents.all) {
        for (const trace of document.traces) trace.clear();
        document.touch(document.traces);
      }
    }
    for (const document of this.surfaces.documents.all) this.soon(document);
  }

  /** Who opens a file again starts afresh, also where VS Code has kept its text in memory meanwhile. */
  private onTabsClosed(tabs: readonly vscode.Tab[]): void {
    for (const { input } of tabs) {
      const uri = input instanceof vscode.TabInputText ? input.uri.toString() : '';
      const document = this.surfaces.documents.byUri(uri);
      if (!document) continue;
      this.spent.delete(document);
      for (const trace of document.traces) {
        this.declined.delete(trace);
        this.asked.delete(trace);
      }
    }
  }

  private lookAt(editor: vscode.TextEditor): void {
    const surface = this.surfaces.get(editor.document);
    if (surface) this.soon(surface.source);
  }

  private soon(document: TraceDocument): void {
    if (this.pauses.has(document)) return;
    const look = () => {
      this.pauses.delete(document);
      void this.look(document);
    };
    this.pauses.set(document, setTimeout(look, PAUSE_MS));
  }

  private async look(document: TraceDocument): Promise<void> {
    const unasked = document.traces.filter((trace) => needsScore(trace) && !this.asked.has(trace));
    for (const trace of unasked) this.asked.add(trace);
    if (unasked.length > 0) await this.scoring.restore(document, unasked);
    const mode = this.settings.get('scoreOnOpen', document.uri);
    if (mode === 'never' || this.blocked || this.disposed || document.disposed) return;
    const candidates = mode === 'all' ? document.traces : this.onScreen(document);
    const wanted = candidates.filter(
      (trace) => needsScore(trace) && !trace.scored && this.unasked(document, trace),
    );
    const affordable = mode === 'all' ? wanted : this.within(document, wanted);
    if (affordable.length > 0) await this.scoring.score(document, affordable, 'open');
  }

  /**
   * A text file is often no trace at all, so without a gold answer it is only scored when asked. So is a label file, which
   * has its rewards.
   */
  private unasked({ format }: TraceDocument, trace: Trace): boolean {
    if (this.declined.has(trace) || format?.id === 'steplens') return false;
    return format?.id !== 'text' || hasGold(trace);
  }

  private onScreen(document: TraceDocument): Trace[] {
    return this.surfaces.visible
      .filter(({ surface }) => surface.source === document)
      .flatMap(({ editor, surface }) => visibleTraces(editor, surface).map((shown) => shown.trace));
  }

  /** As many as the file's limit still allows, each of which is then counted. */
  private within(document: TraceDocument, traces: readonly Trace[]): Trace[] {
    const limit = this.settings.get('scoreOnOpenLimit', document.uri);
    const settings = this.settings.cpmi(document.uri);
    return traces.filter((trace) => {
      const spent = (this.spent.get(document) ?? 0) + estimateCost(trace.trajectory, settings);
      if (spent > limit) return false;
      this.spent.set(document, spent);
      return true;
    });
  }

  private afterEdit(document: TraceDocument): void {
    clearTimeout(this.edits.get(document));
    const delay = this.settings.get('rescoreDelay', document.uri);
    if (delay === 0 || this.blocked) return;
    const rescore = () => {
      this.edits.delete(document);
      if (document.disposed) return;
      const stale = document.traces.filter(
        (trace) => trace.stale && !trace.edited && trace.state.kind === 'idle',
      );
      if (stale.length > 0) void this.scoring.score(document, stale, 'edit');
    };
    this.edits.set(document, setTimeout(rescore, delay));
  }

  private forget(document: TraceDocument): void {
    this.scoring.cancel(document);
    for (const timers of [this.pauses, this.edits]) {
      clearTimeout(timers.get(document));
      timers.delete(document);
    }
  }
}

/** Nothing is known of it that holds for the trace as it is, and nothing is being done. */
const needsScore = (trace: Trace): boolean =>
  trace.state.kind === 'idle' && !trace.edited && (!trace.scored || trace.stale);
