import * as vscode from 'vscode';
import { version } from '../../../package.json';
import type { ModelStore } from '../../models';
import type { ExamineOptions } from '../../models/doctor';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { ModelChoice } from '../scoring/model-host';

/** Doctor: tries out everything that scoring depends on and shows what was found, as a text to read or to send. */
export class DoctorCommand extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly store: () => ModelStore,
    private readonly options: () => Omit<ExamineOptions, 'store'>,
    private readonly log: (line: string) => void,
  ) {
    super();
    commands.register({ 'steplens.doctor': () => this.run() });
  }

  /** @returns whether everything works */
  private async run(): Promise<boolean> {
    const { examine, isBroken, reportText } = await import('../../models/doctor');
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Steplens examines itself') },
      () => examine({ ...this.options(), store: this.store() }),
    );
    const host = `${vscode.env.appName} ${vscode.version}`;
    const text = `${host}\n${reportText(report)}`;
    for (const line of text.split('\n')) this.log(line);
    const document = await vscode.workspace.openTextDocument({ content: text, language: 'plaintext' });
    await vscode.window.showTextDocument(document, { preview: true });
    return !isBroken(report);
  }
}

/** How the doctor starts the scoring process: as the settings say. */
export function doctorOptions(
  { nodePath, runtime, threads }: ModelChoice,
  bundled: string,
  worker: string,
  log: (line: string) => void,
): Omit<ExamineOptions, 'store'> {
  return {
    version,
    bundled,
    worker,
    runtime,
    log,
    ...(nodePath === undefined ? {} : { execPath: nodePath }),
    ...(threads === undefined ? {} : { threads }),
  };
}
