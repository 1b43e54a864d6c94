import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ModelStore } from '../../models';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Notices } from '../notices';
import type { ModelHost, UnusableModelError } from '../scoring/model-host';
import type { ScoringService } from '../scoring/scoring-service';
import type { Settings } from '../settings';
import { type ModelPick, modelPicks } from './model-picks';

/** Settings that decide which model runs, and how. */
const MODEL_SETTINGS = [
  ...(['model.folder', 'model.nodePath', 'model.runtime', 'model.threads'] as const),
  ...(['model.server.urls', 'model.server.model', 'model.server.tokenizer'] as const),
  ...(['model.server.window', 'model.server.concurrency'] as const),
];

/** The commands behind the chooser's other ways. */
const WAYS = {
  download: 'steplens.downloadModel',
  server: 'steplens.useServer',
  import: 'steplens.importModel',
} as const;

/** Choose model, and what is done when the chosen one cannot be used or another one is set. */
export class ModelChooser extends Disposable {
  private told = '';

  constructor(
    commands: CommandRegistry,
    private readonly settings: Settings,
    host: ModelHost,
    scoring: ScoringService,
    private readonly notices: Notices,
    private readonly store: () => ModelStore,
  ) {
    super();
    commands.register({ 'steplens.chooseModel': () => this.choose() });
    this._register(
      settings.onDidChange((event) => {
        if (!settings.affects(event, ...MODEL_SETTINGS)) return;
        this.told = '';
        host.stop(t('the model settings have changed'));
      }),
    );
    this._register(scoring.onModelUnusable((error) => void this.unusable(error)));
  }

  private async choose(): Promise<void> {
    const store = this.store();
    const { modelInfo } = await import('../../models/info'); // with the tokenizer, for the hash: large, and seldom needed
    const [models, commands] = await Promise.all([store.list(), vscode.commands.getCommands(true)]);
    const onServer = this.settings.get('model.server.urls').length > 0;
    const now = onServer ? undefined : this.settings.get('model.folder');
    const infos = Promise.all(models.map((model) => modelInfo(model, store.home)));
    const ways = (['server', 'import'] as const).filter((way) => commands.includes(WAYS[way]));
    const items = infos.then((all) => modelPicks(all, now, ways).map(toItem));
    const picked = await vscode.window.showQuickPick(items, {
      placeHolder: t('Which model computes the rewards?'),
      matchOnDescription: true,
    });
    const action = picked?.action;
    if (!action) return;
    if (action.kind === 'folder') await this.use(action.folder);
    else if (action.kind === 'browse') {
      const folder = await pickFolder();
      if (folder !== undefined) await this.use(folder);
    } else await vscode.commands.executeCommand(WAYS[action.kind]);
  }

  /** @param folder '' for the bundled model */
  async use(folder: string): Promise<void> {
    await this.settings.update('model.server.urls', []);
    await this.settings.update('model.folder', folder);
  }

  /** Said once a model, however many traces ask for it. */
  private async unusable(error: UnusableModelError): Promise<void> {
    if (this.told === error.message) return;
    this.told = error.message;
    this.notices.failed(error);
    const choose = t('Choose model');
    const log = t('Show log');
    const message = t('The model cannot be used: {0}', error.message);
    const chosen = await vscode.window.showErrorMessage(message, choose, log);
    if (chosen === choose) await this.choose();
    if (chosen === log) this.notices.log.show();
  }
}

/** A separator is a kind of item, which only VS Code knows. */
function toItem({ separator, ...pick }: ModelPick): vscode.QuickPickItem & ModelPick {
  return separator ? { ...pick, kind: vscode.QuickPickItemKind.Separator } : pick;
}

async function pickFolder(): Promise<string | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: t('Use this model'),
    })) ?? [];
  if (!folder) return undefined;
  const has = await stat(join(folder.fsPath, 'config.json')).then(
    () => true,
    () => false,
  );
  if (has) return folder.fsPath;
  void vscode.window.showErrorMessage(t('{0} is no model folder: it has no config.json.', folder.fsPath));
  return undefined;
}
