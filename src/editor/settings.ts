import * as vscode from 'vscode';
import type { CpmiSettings } from '../cpmi/settings';
import { Disposable } from './disposable';
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
    };
  }

  affects(
    event: vscode.ConfigurationChangeEvent,
    ...keys: readonly (SettingKey | 'cpmi' | 'model')[]
  ): boolean {
    return keys.some((key) => event.affectsConfiguration(`${SECTION}.${key}`));
  }

  /** Sets it for the user, or for this machine where it is a machine's setting. */
  async update<K extends SettingKey>(key: K, value: SettingValue<K>): Promise<void> {
    await vscode.workspace.getConfiguration(SECTION).update(key, value, vscode.ConfigurationTarget.Global);
  }
}
