import * as vscode from 'vscode';
import { commandOf } from '../command-registry';
import type { StepTarget } from '../commands';
import { Disposable } from '../disposable';
import type { ShownTrace, Surface } from '../document/surface';
import type { Trace } from '../document/trace';
import { t } from '../l10n';
import { outcomeOf } from '../outcome';
import { formatReward, label } from '../present';
import { goldOf, hasGold } from '../scoring/scorable';
import type { Surfaces } from '../surfaces';

const PAUSE_MS = 60;

/** Links over each trace: score it, read it, its gold answer and, once scored, its lowest step and outcome. */
export class Lenses extends Disposable implements vscode.CodeLensProvider<vscode.CodeLens> {
  private readonly changed = this._register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;
  private pause: NodeJS.Timeout | undefined;

  constructor(private readonly surfaces: Surfaces) {
    super();
    this._register(vscode.languages.registerCodeLensProvider({ pattern: '**' }, this));
    this._register(surfaces.onDidChange(() => this.refresh()));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const surface = this.surfaces.get(document);
    if (!surface) return [];
    return surface.shown.flatMap((shown) => {
      const at = document.positionAt(shown.start);
      const range = new vscode.Range(at, at);
      return lensesOf(surface, shown).map((command) => new vscode.CodeLens(range, command));
    });
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private refresh(): void {
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      this.changed.fire();
    }, PAUSE_MS);
  }
}

function lensesOf(surface: Surface, { trace }: ShownTrace): vscode.Command[] {
  const target: StepTarget = { uri: surface.source.uri.toString(), trace: trace.index };
  const view =
    surface.kind === 'file'
      ? commandOf('steplens.openReadableView', t('Readable view'), target)
      : commandOf('steplens.revealInSource', t('Reveal in source'));
  return [scoreLens(trace, target), view, goldLens(trace, target), ...resultLenses(trace, target)];
}

function scoreLens(trace: Trace, target: StepTarget): vscode.Command {
  const { state } = trace;
  switch (state.kind) {
    case 'waiting':
      return commandOf('steplens.cancelScoring', t('Waiting to be scored (cancel)'));
    case 'running':
      return commandOf(
        'steplens.cancelScoring',
        `$(loading~spin) ${t('Scoring, {0} % (cancel)', Math.round(state.share * 100))}`,
      );
    case 'failed':
      return commandOf(
        'steplens.scoreTrace',
        `$(warning) ${t('Not scored: {0}', label(state.reason, 120))}`,
        target,
      );
    case 'idle':
      if (trace.stale) return commandOf('steplens.scoreTrace', t('Outdated, score again'), target);
      return commandOf('steplens.scoreTrace', trace.scored ? t('Score again') : t('Score'), target);
  }
}

function goldLens(trace: Trace, target: StepTarget): vscode.Command {
  const gold = goldOf(trace);
  if (gold === undefined) return commandOf('steplens.setGoldAnswer', t('Set gold answer'), target);
  const title =
    trace.givenGold === undefined ? t('Gold: {0}', label(gold)) : t('Gold (yours): {0}', label(gold));
  return commandOf('steplens.setGoldAnswer', title, target);
}

function resultLenses(trace: Trace, target: StepTarget): vscode.Command[] {
  const { lowest, scored } = trace;
  if (!scored || trace.stale) return [];
  const lenses: vscode.Command[] = [];
  if (lowest) {
    const title = t('Lowest: step {0}, {1}', lowest.index + 1, formatReward(lowest.reward));
    lenses.push(commandOf('steplens.openStep', title, { ...target, step: lowest.index }));
  }
  if (!hasGold(trace)) {
    lenses.push(
      commandOf(
        'steplens.explainRewards',
        t('No gold answer: scored for its own, {0}', label(scored.goldAnswer)),
      ),
    );
    return lenses;
  }
  const outcome = outcomeOf(trace);
  const answer = label(trace.trajectory.finalAnswer ?? '');
  if (outcome === 'right')
    lenses.push(commandOf('steplens.openHeatmap', `$(pass) ${t('Right answer')}`, target));
  if (outcome === 'wrong') {
    const title = answer ? t('Wrong answer: {0}', answer) : t('Wrong answer');
    lenses.push(commandOf('steplens.openHeatmap', `$(error) ${title}`, target));
  }
  return lenses;
}
