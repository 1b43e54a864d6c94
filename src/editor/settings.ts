import { dirname, isAbsolute, resolve } from 'node:path';
import picomatch from 'picomatch';
import * as vscode from 'vscode';
import type { CpmiSettings } from '../cpmi/settings';
import { Disposable } from './disposable';
import type { ChosenFields, ReadingTerms } from './reading/terms';
import { checkedSetting, type SettingKey, type SettingValue } from './settings-schema';

const SECTION = 'steplens';

/** Where a setting applies: a file in a folder may have its own. */
type Scope = vscode.Uri | undefined;

/** The user's settings, checked and typed. */
export class Settings extends Disposable {
  private readonly changed = this._register(new vscode.EventEmitter<vscode.ConfigurationChangeEvent>());
  /** Some setting of the extension has changed. */
  readonly onDidChange = this.changed.event;

  constructor() {
    super();
    this._register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SECTION)) this.changed.fire(event);
      }),
    );
  }

  get<K extends SettingKey>(key: K, scope?: Scope): SettingValue<K> {
    return checkedSetting(key, vscode.workspace.getConfiguration(SECTION, scope).get(key));
  }

  /** What decides a reward beside the model. */
  cpmi(scope?: Scope): CpmiSettings {
    return {
      estimator: this.get('cpmi.estimator', scope),
      templates: this.get('cpmi.templates', scope),
      templatePosition: this.get('cpmi.templatePosition', scope),
      negatives: this.get('cpmi.negatives', scope),
      negativeWeight: this.get('cpmi.negativeWeight', scope),
      seed: this.get('cpmi.seed', scope),
      ...(this.get('cpmi.chat', scope) ? { chat: true } : {}),
    };
  }

  /** How a file is to be read. */
  reading(uri: vscode.Uri): ReadingTerms {
    const fields = this.fieldsFor(uri);
    const gold = this.get('gold', uri).trim();
    return {
      split: this.get('split', uri),
      ...(fields && { fields }),
      ...(gold !== '' && uri.scheme === 'file' && { gold: besideOf(uri, gold) }),
    };
  }

  /** The mapping of fields, where it is not for other files. */
  private fieldsFor(uri: vscode.Uri): ChosenFields | undefined {
    const setting = this.get('fields', uri);
    if (!setting) return undefined;
    const { files, ...mapping } = setting;
    if (files === undefined || files === '') return { mapping, always: false };
    const path = vscode.workspace.asRelativePath(uri, false);
    return picomatch.isMatch(path, files, { basename: true, dot: true })
      ? { mapping, always: true }
      : undefined;
  }

  affects(
    event: vscode.ConfigurationChangeEvent,
    ...keys: readonly (SettingKey | 'cpmi' | 'model')[]
  ): boolean {
    return keys.some((key) => event.affectsConfiguration(`${SECTION}.${key}`));
  }

  /** Sets it for the workspace; where no folder is open, for the user. */
  async updateHere<K extends SettingKey>(key: K, value: SettingValue<K>, uri: vscode.Uri): Promise<void> {
    const target = vscode.workspace.workspaceFolders?.length
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration(SECTION, uri).update(key, value, target);
  }

  /** Sets it for the user, or for this machine where it is a machine's setting. */
  async update<K extends SettingKey>(key: K, value: SettingValue<K>): Promise<void> {
    await vscode.workspace.getConfiguration(SECTION).update(key, value, vscode.ConfigurationTarget.Global);
  }
}

/** A path as settings give it: within the workspace folder of a file, else beside the file. */
function besideOf(uri: vscode.Uri, path: string): string {
  if (isAbsolute(path)) return path;
  return resolve(vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath), path);
}
