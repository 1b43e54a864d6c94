import * as vscode from 'vscode';
import type { ContextKeys } from '../context-keys';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { ScoringService } from '../scoring/scoring-service';
import type { Surfaces } from '../surfaces';

/** Keeps the context keys, by which commands and buttons are shown, true to what the active editor shows. */
export class ContextState extends Disposable {
  constructor(
    private readonly surfaces: Surfaces,
    private readonly scoring: ScoringService,
    private readonly keys: ContextKeys,
  ) {
    super();
    const update = () => this.update();
    this._register(surfaces.onDidChange(update));
    this._register(scoring.onDidChangeQueue(update));
    this._register(surfaces.documents.onDidClose(update));
    this._register(vscode.window.onDidChangeActiveTextEditor(update));
    update();
  }

  private update(): void {
    const active = this.surfaces.active;
    this.keys.set('steplens.traceEditor', active !== undefined);
    const some = (holds: (trace: Trace) => boolean) =>
      active?.surface.shown.some(({ trace }) => holds(trace)) ?? false;
    this.keys.set(
      'steplens.hasRewards',
      some((trace) => trace.scored !== undefined),
    );
    this.keys.set(
      'steplens.hasHidden',
      some((trace) => trace.hidden.size > 0),
    );
    this.keys.set('steplens.scoring', this.scoring.busy);
  }
}
