import * as vscode from 'vscode';
import { Disposable } from './disposable';
import { t } from './l10n';
import { CommandError } from './targets';

/** The log, and what a person is told when something does not work. */
export class Notices extends Disposable {
  readonly log = this._register(vscode.window.createOutputChannel('Steplens', { log: true }));

  /** Something failed that nobody asked for: the log is enough. */
  failed(error: unknown): void {
    this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  /** A command failed: its reason is shown, and where it is no plain mistake of use, the log is offered. */
  commandFailed(command: string, error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    if (error instanceof CommandError) {
      void vscode.window.showWarningMessage(error.message);
      return;
    }
    this.failed(error);
    const reason = error instanceof Error ? error.message : String(error);
    void this.offerLog(t('Steplens: {0} failed: {1}', command.replace(/^steplens\./, ''), reason));
  }

  async offerLog(message: string): Promise<void> {
    const show = t('Show log');
    if ((await vscode.window.showErrorMessage(message, show)) === show) this.log.show();
  }
}
