import * as vscode from 'vscode';
import { commandOf } from '../command-registry';
import { Disposable } from '../disposable';
import type { TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import { hasLowStep } from '../present';
import type { ModelHost } from '../scoring/model-host';
import { hasGold } from '../scoring/scorable';
import type { ScoringService } from '../scoring/scoring-service';
import type { Settings } from '../settings';
import type { Surfaces } from '../surfaces';

const PAUSE_MS = 100;

/** The language status: what the active file was recognised as, and how far its scoring is. */
export class Status extends Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly scoring: ScoringService,
    private readonly settings: Settings,
    private readonly model: Pick<ModelHost, 'loaded'>,
  ) {
    super();
    // It matches nothing until there is something to say.
    this.item = this._register(vscode.languages.createLanguageStatusItem('steplens.status', []));
    this.item.name = 'Steplens';
    const soon = () => {
      this.pause ??= setTimeout(() => {
        this.pause = undefined;
        this.update();
      }, PAUSE_MS);
    };
    this._register(surfaces.onDidChange(soon));
    this._register(scoring.onDidChangeQueue(soon));
    this._register(settings.onDidChange(soon));
    this._register(vscode.window.onDidChangeActiveTextEditor(soon));
    soon();
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private update(): void {
    const active = this.surfaces.active;
    if (!active) {
      this.item.selector = [];
      return;
    }
    const { document } = active.editor;
    const source = active.surface.source;
    this.item.selector = [{ pattern: document.uri.fsPath, scheme: document.uri.scheme }];
    const waiting = this.scoring.pending(source);
    this.item.busy = source.isReading || waiting > 0;
    this.item.text = statusText(source, waiting);
    this.item.detail = [
      statusDetail(source, this.settings.get('lowThreshold', source.uri)),
      ...(this.model.loaded?.id.runtime === 'wasm' ? [t('scored by WebAssembly, which is slower')] : []),
    ].join(' · ');
    this.item.severity = source.traces.some((trace) => trace.state.kind === 'failed')
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    this.item.command =
      waiting > 0
        ? commandOf('steplens.cancelScoring', t('Cancel'))
        : source.traces.every((trace) => trace.scored && !trace.stale)
          ? commandOf('steplens.openHeatmap', t('Heatmap'))
          : commandOf('steplens.scoreFile', t('Score file'));
  }
}

/** `12 traces · ProcessBench · 3 scored`. */
export function statusText(source: TraceDocument, waiting: number): string {
  const count = source.traces.length;
  const scored = source.traces.filter((trace) => trace.scored && !trace.stale).length;
  const progress =
    waiting > 0
      ? t('scoring, {0} to go', waiting)
      : scored === 0
        ? t('not scored')
        : scored === count
          ? t('scored')
          : t('{0} scored', scored);
  const traces = count === 1 ? t('1 trace') : t('{0} traces', count);
  return [traces, source.format?.label ?? '', progress].join(' · ');
}

function statusDetail(source: TraceDocument, threshold: number): string {
  const { traces, problems, format } = source;
  const failed = traces.filter((trace) => trace.state.kind === 'failed').length;
  const agnostic = traces.filter((trace) => trace.scored && !hasGold(trace)).length;
  const low = traces.filter((trace) => hasLowStep(trace, threshold)).length;
  return [
    format?.reason,
    low > 0 ? t('{0} with a low step', low) : undefined,
    agnostic > 0 ? t('{0} without a gold answer, scored for their own', agnostic) : undefined,
    failed > 0 ? t('{0} could not be scored', failed) : undefined,
    problems.length > 0 ? t('{0} records could not be read', problems.length) : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
