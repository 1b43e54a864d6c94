import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Navigator } from '../navigator';
import type { Surfaces } from '../surfaces';
import { CommandError, type Targets } from '../targets';
import type { ReadableViews } from './readable-views';
import { showReadable } from './show-readable';

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
    await showReadable(this.views, source, trace, step, {
      preview: false,
      viewColumn: vscode.ViewColumn.Active,
    });
  }

  private async reveal(): Promise<void> {
    const place = this.surfaces.cursor;
    if (place?.surface.kind !== 'readable') throw new CommandError(t('This is no readable view of a trace.'));
    await this.navigator.open(place.surface.source, place.shown.trace, place.step, { focus: true });
  }
}
