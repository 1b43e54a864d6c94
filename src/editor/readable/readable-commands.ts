import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Navigator } from '../navigator';
import { rangeOf, type Surfaces } from '../surfaces';
import { CommandError, type Targets } from '../targets';
import type { ReadableViews } from './readable-views';

/** Readable view, and back to the source. */
export class ReadableCommands extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly targets: Targets,
    private readonly surfaces: Surfaces,
    private readonly views: ReadableViews,
    private readonly navigator: Navigator,
  ) {
    super();
    commands.register({
      'steplens.openReadableView': (target) => this.open(target),
      'steplens.revealInSource': () => this.reveal(),
    });
  }

  private async open(target: unknown): Promise<void> {
    const { document: source, trace, step } = await this.targets.aim(target);
    const document = await vscode.workspace.openTextDocument(this.views.uriOf(source, trace));
    const editor = await vscode.window.showTextDocument(document, {
      preview: false,
      viewColumn: vscode.ViewColumn.Active,
    });
    const place = step === undefined ? undefined : this.views.get(document)?.layout.steps[step];
    if (!place) return;
    const range = rangeOf(document, place);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private async reveal(): Promise<void> {
    const place = this.surfaces.cursor;
    if (place?.surface.kind !== 'readable') throw new CommandError(t('This is no readable view of a trace.'));
    await this.navigator.open(place.surface.source, place.shown.trace, place.step, { focus: true });
  }
}
