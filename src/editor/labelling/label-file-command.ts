import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { LabelResult } from '../../labels/label-task';
import { labelPath } from '../../labels/paths';
import type { LabelProgress } from '../../labels/run/rate';
import type { RecordProblem } from '../../trajectory/trajectory';
import { fileFor } from '../active-file';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { ModelHost } from '../scoring/model-host';
import type { Settings } from '../settings';
import { CommandError } from '../targets';
import { labelInThread } from './labelling-thread';
import { progressText } from './progress-text';

/**
 * Label file: every trace of a file scored and written to `<name>.cpmi.jsonl` by the very function that the command
 * `steplens label` calls, with the same settings. The source is only read.
 */
export class LabelFileCommand extends Disposable {
  private readonly running = new Set<string>();

  /**
   * @param script the bundled `trace-labeller.js`
   * @param heatmap the file whose heatmap has the keyboard
   */
  constructor(
    commands: CommandRegistry,
    private readonly script: string,
    private readonly host: ModelHost,
    private readonly settings: Settings,
    private readonly heatmap: () => vscode.Uri | undefined,
    private readonly log: (line: string) => void,
  ) {
    super();
    commands.register({ 'steplens.labelFile': (file) => this.run(file) });
  }

  private async run(file: unknown): Promise<void> {
    const uri = fileFor(file) ?? this.heatmap();
    if (!uri) throw new CommandError(t('Open a file with traces first.'));
    if (uri.scheme !== 'file') throw new CommandError(t('Label File needs a file on disk.'));
    const source = uri.fsPath;
    if (this.running.has(source)) throw new CommandError(t('This file is being labelled already.'));
    await saved(uri);
    const force = await mayWrite(labelPath(source));
    if (force === undefined) return;
    this.running.add(source);
    try {
      const result = await this.withProgress(uri, force);
      if (result) await offer(result);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') {
        void vscode.window.showInformationMessage(
          t('Labelling was cancelled. What was scored is kept: Label File goes on from there.'),
        );
      } else throw error;
    } finally {
      this.running.delete(source);
    }
  }

  private withProgress(uri: vscode.Uri, force: boolean): Thenable<LabelResult> {
    const title = t('Labelling {0}', uri.path.split('/').at(-1) ?? '');
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
      const stop = new AbortController();
      const listener = token.onCancellationRequested(() => stop.abort());
      progress.report({ message: t('loading the model…') });
      let share = 0;
      const onProgress = (now: LabelProgress) => {
        const reached = now.total > 0 ? now.done / now.total : 0;
        progress.report({ message: progressText(now), increment: 100 * (reached - share) });
        share = reached;
      };
      try {
        const settings = this.settings.cpmi(uri);
        const overflow = this.settings.get('cpmi.overflow', uri);
        const onProblem = ({ line, reason }: RecordProblem) => this.log(`${uri.fsPath}:${line}: ${reason}`);
        const watch = { signal: stop.signal, onProgress, onProblem };
        const terms = this.settings.reading(uri);
        const order = { source: uri.fsPath, settings, overflow, force, terms };
        return await this.host.use((model) => labelInThread(this.script, order, model, watch));
      } finally {
        listener.dispose();
      }
    });
  }
}

/** What is labelled is the file on disk, so edits must be there. */
async function saved(uri: vscode.Uri): Promise<void> {
  const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
  if (document?.isDirty && !(await document.save())) {
    throw new CommandError(t('The file has changes that could not be saved.'));
  }
}

/** Whether an output that exists is to be overwritten; undefined where the person thinks better of it. */
async function mayWrite(out: string): Promise<boolean | undefined> {
  const exists = await stat(out).then(
    () => true,
    () => false,
  );
  if (!exists) return false;
  const overwrite = t('Overwrite');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} exists already. Overwrite it?', out),
    { modal: true },
    overwrite,
  );
  return chosen === overwrite ? true : undefined;
}

async function offer({ out, made }: LabelResult): Promise<void> {
  const { scored, steps, notScored } = made.counts;
  const done =
    scored === 1
      ? t('1 trace with {0} steps is labelled.', steps)
      : t('{0} traces with {1} steps are labelled.', scored, steps);
  const missing = notScored > 0 ? ` ${t('{0} could not be scored; the log says why.', notScored)}` : '';
  const open = t('Open labels');
  const log = t('Show log');
  const buttons = notScored > 0 ? [open, log] : [open];
  const chosen = await vscode.window.showInformationMessage(done + missing, ...buttons);
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(out), { preview: false });
  if (chosen === log) await vscode.commands.executeCommand('steplens.showLog');
}
