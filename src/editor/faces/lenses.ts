import * as vscode from 'vscode';
import { commandOf } from '../command-registry';
import type { StepTarget } from '../commands';
import { Disposable } from '../disposable';
import type { ShownTrace, Surface } from '../document/surface';
import type { Trace } from '../document/trace';
import type { TraceChange } from '../document/trace-document';
import { t } from '../l10n';
import { formatReward, label } from '../present';
import { goldOf, hasGold } from '../scoring/scorable';
import { type Surfaces, visibleTraces } from '../surfaces';

/** How soon lenses are renewed: those on the screen, and others. */
const PAUSE_MS = 80;
const CALM_MS = 2000;
/** VS Code waits for a quarter of a second of quiet, or longer, before it asks: told more often, it would never ask. */
const GAP_MS = 800;
/**
 * Each telling is repeated once after this: VS Code drops one that it has not acted on yet when the keyboard leaves the
 * editor, and the lens would say "Scoring" until it comes back.
 */
const AGAIN_MS = 2000;
/** In a file with more traces, only those near the screen have lenses. */
const MOST_TRACES = 400;
const MARGIN_LINES = 200;

/** Links over each trace: score it, read it, its gold answer and, once scored, its lowest step and outcome. */
export class Lenses extends Disposable implements vscode.CodeLensProvider<vscode.CodeLens> {
  private readonly changed = this._register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;
  private pause: NodeJS.Timeout | undefined;
  private due = Number.POSITIVE_INFINITY;
  private repeat = false;
  private told = Number.NEGATIVE_INFINITY;

  constructor(private readonly surfaces: Surfaces) {
    super();
    this._register(vscode.languages.registerCodeLensProvider({ pattern: '**' }, this));
    this._register(surfaces.onDidChange((change) => this.onChange(change)));
    this._register(
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        const surface = surfaces.get(textEditor.document);
        if (surface && surface.shown.length > MOST_TRACES) this.refresh(PAUSE_MS);
      }),
    );
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const surface = this.surfaces.get(document);
    if (!surface) return [];
    return this.near(document, surface).flatMap((shown) => {
      const at = document.positionAt(shown.start);
      const range = new vscode.Range(at, at);
      return lensesOf(surface, shown).map((command) => new vscode.CodeLens(range, command));
    });
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private near(document: vscode.TextDocument, surface: Surface): readonly ShownTrace[] {
    if (surface.shown.length <= MOST_TRACES) return surface.shown;
    const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
    return [...new Set(editors.flatMap((editor) => visibleTraces(editor, surface, MARGIN_LINES)))];
  }

  private onChange({ kind, traces }: TraceChange): void {
    const onScreen = this.surfaces.onScreen;
    const seen = kind === 'content' || traces.some((trace) => onScreen.has(trace));
    this.refresh(seen ? PAUSE_MS : CALM_MS);
  }

  private refresh(ms: number, again = false): void {
    const now = performance.now();
    const due = Math.max(now + ms, this.told + GAP_MS);
    this.repeat ||= !again;
    if (due >= this.due) return;
    clearTimeout(this.pause);
    this.due = due;
    this.pause = setTimeout(() => {
      this.due = Number.POSITIVE_INFINITY;
      this.told = performance.now();
      this.changed.fire();
      if (this.repeat) {
        this.repeat = false;
        this.refresh(AGAIN_MS, true);
      }
    }, due - now);
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

/** With a space that does not break: VS Code lays a lens out so that another one would vanish. */
const withIcon = (icon: string, text: string): string => `$(${icon})\u00a0${text}`;

function scoreLens(trace: Trace, target: StepTarget): vscode.Command {
  const { state } = trace;
  switch (state.kind) {
    case 'waiting':
      return commandOf('steplens.cancelScoring', t('Waiting to be scored (cancel)'));
    case 'running':
      return commandOf(
        'steplens.cancelScoring',
        withIcon(
          'loading~spin',
          state.share > 0
            ? t('Scoring, {0} % (cancel)', Math.round(state.share * 100))
            : t('Scoring (cancel)'),
        ),
      );
    case 'failed':
      return commandOf(
        'steplens.scoreTrace',
        withIcon('warning', t('Not scored: {0}', label(state.reason, 120))),
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
        scored.goldSource === 'verdict'
          ? t('No gold answer: the model judged each step')
          : t('No gold answer: scored for its own, {0}', label(scored.goldAnswer)),
      ),
    );
    return lenses;
  }
  const outcome = trace.outcome;
  const answer = label(trace.trajectory.finalAnswer ?? '');
  if (outcome === 'right')
    lenses.push(commandOf('steplens.openHeatmap', withIcon('pass', t('Right answer')), target));
  if (outcome === 'wrong') {
    const title = answer ? t('Wrong answer: {0}', answer) : t('Wrong answer');
    lenses.push(commandOf('steplens.openHeatmap', withIcon('error', title), target));
  }
  return lenses;
}
