import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import { CommandError } from '../targets';
import { LargePanel, type LargeParts } from './large-panel';

export const LARGE_EDITOR = 'steplens.largeFile';
/** VS Code gives extensions no text that has more bytes than this. */
export const TEXT_LIMIT = 50 * 2 ** 20;

const TRACE_FILE = /\.(?:jsonl|ndjson|json|traj)$/i;

/**
 * The read-only editor of files that are too large for VS Code's own to be of use: it reads them from the disk as a stream.
 * It is offered where such a file is opened as a text.
 */
export class LargeEditors extends Disposable implements vscode.CustomReadonlyEditorProvider {
  private readonly panels = new Set<LargePanel>();
  private readonly offered = new Set<string>();

  constructor(
    commands: CommandRegistry,
    private readonly parts: LargeParts,
  ) {
    super();
    commands.register({
      'steplens.openLargeFile': (file) => this.openFile(file),
      'steplens.goToTrace': (number) => this.goTo(number),
    });
    this._register(
      vscode.window.registerCustomEditorProvider(LARGE_EDITOR, this, {
        // The page holds the rows, which the host does not.
        webviewOptions: { retainContextWhenHidden: true },
      }),
    );
    this._register(
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => opened.forEach((tab) => void this.offer(tab))),
    );
    parts.files.reveal = (file, row, step, focus) => this.reveal(file, row, step, focus);
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose() {} };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    if (uri.scheme !== 'file')
      throw new CommandError(t('Steplens reads large files from this computer only.'));
    const own = new LargePanel(panel, uri, this.parts);
    this.panels.add(own);
    panel.onDidDispose(() => this.panels.delete(own));
  }

  /** Whether a file is one that only this editor can show. */
  async isLarge(uri: vscode.Uri): Promise<boolean> {
    if (uri.scheme !== 'file') return false;
    const found = await stat(uri.fsPath).catch(() => undefined);
    return found?.isFile() === true && found.size > TEXT_LIMIT;
  }

  async openFile(file: unknown): Promise<void> {
    const uri = file instanceof vscode.Uri ? file : activeTabUri();
    if (!uri) throw new CommandError(t('Open a file with traces first.'));
    await vscode.commands.executeCommand('vscode.openWith', uri, LARGE_EDITOR);
  }

  override dispose(): void {
    for (const panel of [...this.panels]) panel.dispose();
    super.dispose();
  }

  private async goTo(given: unknown): Promise<void> {
    const panel = [...this.panels].find(({ active }) => active) ?? [...this.panels].at(-1);
    if (!panel) throw new CommandError(t('Open a large file with traces first.'));
    const number = typeof given === 'number' ? given : await askNumber();
    if (number === undefined) return;
    if (!(await panel.openTrace(number - 1, undefined, true))) {
      throw new CommandError(t('The file has no trace {0}.', number));
    }
  }

  private async reveal(
    uri: vscode.Uri,
    row: number,
    step: number | undefined,
    focus: boolean,
  ): Promise<void> {
    const known = this.panelOf(uri);
    if (!known && !focus) return;
    if (!known) await this.openFile(uri);
    this.panelOf(uri)?.select(row, step);
  }

  private panelOf(uri: vscode.Uri): LargePanel | undefined {
    return [...this.panels].find((panel) => panel.uri.fsPath === uri.fsPath);
  }

  /** A large trace file that was opened as a text shows nothing of Steplens: the way to it is said, once a file. */
  private async offer({ input }: vscode.Tab): Promise<void> {
    if (!(input instanceof vscode.TabInputText) || !TRACE_FILE.test(input.uri.path)) return;
    const { uri } = input;
    if (this.offered.has(uri.toString()) || !(await this.isLarge(uri))) return;
    this.offered.add(uri.toString());
    const open = t('Open in Steplens');
    const name = uri.path.split('/').at(-1) ?? '';
    const message = t('{0} is too large for VS Code to show it to extensions.', name);
    if ((await vscode.window.showInformationMessage(message, open)) === open) await this.openFile(uri);
  }
}

async function askNumber(): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('Go to Trace'),
    prompt: t('Number of the trace in the file, from 1'),
    validateInput: (value) => (/^\s*[1-9]\d{0,12}\s*$/.test(value) ? undefined : t('A whole number from 1.')),
  });
  return text === undefined ? undefined : Number(text);
}

/** The file in the active tab, which may have no text document. */
function activeTabUri(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom
    ? input.uri
    : undefined;
}
