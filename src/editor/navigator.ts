import * as vscode from 'vscode';
import type { CommandRegistry } from './command-registry';
import { Disposable } from './disposable';
import type { ShownTrace, Surface } from './document/surface';
import type { Trace } from './document/trace';
import type { TraceDocument } from './document/trace-document';
import { t } from './l10n';
import { lowSteps } from './present';
import type { Settings } from './settings';
import { rangeOf, type Surfaces } from './surfaces';
import { CommandError, type Targets } from './targets';

export interface OpenOptions {
  /** Take the keyboard there; else the editor is only scrolled. */
  readonly focus: boolean;
}

/** Goes to steps: a given one, the next low one, the previous one. */
export class Navigator extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly surfaces: Surfaces,
    private readonly targets: Targets,
    private readonly settings: Settings,
  ) {
    super();
    commands.register({
      'steplens.openStep': (target) => this.openTarget(target),
      'steplens.nextLowStep': (from) => this.goLow(1, from),
      'steplens.previousLowStep': (from) => this.goLow(-1, from),
    });
  }

  /** Shows a step in the editor that shows its trace already, if there is one, else in the file. */
  async open(
    document: TraceDocument,
    trace: Trace,
    step: number | undefined,
    { focus }: OpenOptions,
  ): Promise<void> {
    const { document: text, origin } = document;
    if (!text) {
      await origin.reveal?.(step, focus);
      return;
    }
    const shownIn = vscode.window.visibleTextEditors.find((editor) => editor.document === text);
    const editor = await vscode.window.showTextDocument(text, {
      preview: false,
      preserveFocus: !focus,
      // With the heatmap in the active column, the file is shown beside it and not over it.
      viewColumn: shownIn?.viewColumn ?? this.fileColumn(document),
    });
    const shown = document.shown[trace.index];
    if (shown) select(editor, placeOf(shown, step));
  }

  private async openTarget(target: unknown): Promise<void> {
    const { document, trace, step } = await this.targets.aim(target);
    await this.open(document, trace, step, { focus: true });
  }

  private async goLow(direction: 1 | -1, from: unknown): Promise<void> {
    const active = this.surfaces.active;
    if (!active) throw new CommandError(t('Open a file with traces first.'));
    const { editor, surface } = active;
    let cursor = editor.document.offsetAt(editor.selection.active);
    if (from !== undefined) {
      // From a hover: on from the step under the mouse, wherever the cursor is.
      const { trace, step } = await this.targets.aim(from);
      const shown = surface.shown.find((candidate) => candidate.trace === trace);
      cursor = shown ? placeOf(shown, step).start : cursor;
    }
    const low = this.lowPlaces(surface);
    if (low.length === 0) {
      const scored = surface.shown.some(({ trace }) => trace.scored && !trace.stale);
      const { scoreFile } = { scoreFile: t('Score file') };
      const message = scored ? t('No step is low.') : t('No trace is scored yet.');
      const chosen = await vscode.window.showInformationMessage(message, ...(scored ? [] : [scoreFile]));
      if (chosen === scoreFile) await vscode.commands.executeCommand('steplens.scoreFile');
      return;
    }
    const next =
      direction > 0
        ? (low.find((place) => place.start > cursor) ?? low[0])
        : (low.findLast((place) => place.start < cursor) ?? low.at(-1));
    if (next) select(editor, next);
  }

  private lowPlaces(surface: Surface): { readonly start: number; readonly end: number }[] {
    const threshold = this.settings.get('lowThreshold', surface.source.uri);
    return surface.shown.flatMap((shown) => {
      const low = lowSteps(shown.trace, threshold);
      if (low.length === 0) return [];
      const places = shown.steps();
      return low.flatMap((index) => places[index]?.[0] ?? []);
    });
  }

  private fileColumn(document: TraceDocument): vscode.ViewColumn {
    const uri = document.uri.toString();
    for (const group of vscode.window.tabGroups.all) {
      const has = group.tabs.some(
        ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri,
      );
      if (has) return group.viewColumn;
    }
    const panel = vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputWebview;
    return panel ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
  }
}

function placeOf(
  shown: ShownTrace,
  step: number | undefined,
): { readonly start: number; readonly end: number } {
  return (step === undefined ? undefined : shown.steps()[step]?.[0]) ?? shown;
}

function select(editor: vscode.TextEditor, place: { readonly start: number; readonly end: number }): void {
  const range = rangeOf(editor.document, place);
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
