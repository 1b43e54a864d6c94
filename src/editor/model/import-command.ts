import { fork } from 'node:child_process';
import * as vscode from 'vscode';
import { homeFolder } from '../../models';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import { CommandError } from '../targets';

/**
 * Import model: what `steplens model import` does, by that very command in a process of its own: it works for minutes on
 * gigabytes, which an editor should not.
 */
export class ImportCommand extends Disposable {
  /** @param cli the bundled command */
  constructor(
    commands: CommandRegistry,
    private readonly cli: string,
    private readonly log: (line: string) => void,
  ) {
    super();
    commands.register({ 'steplens.importModel': (path) => this.run(path) });
  }

  private async run(asked: unknown): Promise<void> {
    const path = typeof asked === 'string' ? asked : await pickWeights();
    if (path === undefined) return;
    const { code, output } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Importing {0}', path), cancellable: true },
      (_, token) => this.import(path, token),
    );
    for (const line of output) this.log(line);
    if (code === CANCELLED) return;
    const last = output.at(-1)?.replace(/^steplens: /, '') ?? t('It ended without a word.');
    if (code !== 0) throw new CommandError(t('The import failed: {0}', last));
    const choose = t('Choose model');
    if ((await vscode.window.showInformationMessage(output[0] ?? last, choose)) === choose) {
      await vscode.commands.executeCommand('steplens.chooseModel');
    }
  }

  private import(path: string, token: vscode.CancellationToken): Promise<{ code: number; output: string[] }> {
    const child = fork(this.cli, ['model', 'import', path], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', STEPLENS_HOME: homeFolder() },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => output.push(...text.split('\n').filter((line) => line !== '')));
    }
    token.onCancellationRequested(() => child.kill('SIGINT'));
    return new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: 1, output: [error.message] }));
      child.once('close', (code) =>
        resolve({ code: token.isCancellationRequested ? CANCELLED : (code ?? 1), output }),
      );
    });
  }
}

const CANCELLED = 130;

async function pickWeights(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: true,
      canSelectFolders: false,
      filters: { [t('Weights')]: ['gguf', 'safetensors'] },
      openLabel: t('Import'),
    })) ?? [];
  if (!file) return undefined;
  // Tensors stand beside the configuration and the tokenizer: their folder is the model.
  return file.fsPath.endsWith('.safetensors') ? vscode.Uri.joinPath(file, '..').fsPath : file.fsPath;
}
