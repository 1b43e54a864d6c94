import * as vscode from 'vscode';
import { LabelError } from '../labels/label-error';
import { Disposable } from './disposable';
import { t } from './l10n';
import { UnusableModelError } from './scoring/model-host';
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
    if (error instanceof CommandError || error instanceof LabelError || error instanceof UnusableModelError) {
      void vscode.window.showWarningMessage(error.message);
      return;
    }
    this.failed(error);
    const reason = error instanceof Error ? error.message : String(error);
    void this.offerLog(t('Steplens: {0} failed: {1}', command.replace(/^steplens\./, ''), reason));
  }

  /** Nothing else of the extension can say it. */
  activationFailed(error: unknown): void {
    this.failed(error);
    const reason = error instanceof Error ? error.message : String(error);
    void this.offerLog(t('Steplens could not start: {0}', reason));
  }

  /** The file with a person's labels is broken: it is left as it is, and said so, once. */
  labelsUnreadable(error: unknown): void {
    this.failed(error);
    if (error instanceof LabelError) void vscode.window.showWarningMessage(error.message);
  }

  /** A setting that says how files are read cannot be used; files are read without it. */
  settingUnusable(fault: string): void {
    this.log.warn(fault);
    void vscode.window.showWarningMessage(fault);
  }

  private async offerLog(message: string): Promise<void> {
    const show = t('Show log');
    if ((await vscode.window.showErrorMessage(message, show)) === show) this.log.show();
  }
}
