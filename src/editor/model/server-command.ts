import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { ModelHost } from '../scoring/model-host';
import { wantsKey } from '../scoring/model-host';
import type { Settings } from '../settings';
import { addressesIn, originOf, serverOptions } from './server-choice';
import type { ServerKeys } from './server-keys';

/** Score on a server: asks where it is, tries it out, asks for a key where it wants one, and says what it found. */
export class ServerCommands extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly settings: Settings,
    private readonly keys: ServerKeys,
    private readonly host: ModelHost,
  ) {
    super();
    commands.register({
      'steplens.useServer': () => this.use(),
      'steplens.setServerKey': () => this.setKey(),
      'steplens.removeServerKey': () => this.removeKey(),
    });
    this._register(keys.onDidChange(() => host.stop(t('the model settings have changed'))));
  }

  private async use(): Promise<void> {
    const urls = await askAddresses(this.settings.get('model.server.urls').join(' '));
    if (!urls) return;
    const found = await this.tryOut(urls);
    if (!found) return;
    await this.settings.update('model.server.urls', urls);
    void vscode.window.showInformationMessage(t('Rewards are computed by {0}', found.join('; ')));
  }

  /** What the servers are; undefined where the user gave up or they cannot be used, which is said. */
  private async tryOut(urls: readonly string[]): Promise<readonly string[] | undefined> {
    for (;;) {
      const options = await serverOptions(this.settings, this.keys, urls);
      if (!options) return undefined;
      try {
        return await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Notification, title: t('Trying the server…') },
          () => this.host.tryOut(options),
        );
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const origin = wantsKey(error) ? await pickOrigin(urls, reason) : undefined;
        if (origin === undefined) {
          if (!wantsKey(error)) void vscode.window.showErrorMessage(reason);
          return undefined;
        }
        const key = await askKey(origin);
        if (key === undefined) return undefined;
        await this.keys.set(origin, key);
      }
    }
  }

  private async setKey(): Promise<void> {
    const known = this.settings.get('model.server.urls');
    const urls = known.length > 0 ? known : await askAddresses('');
    const origin = urls && (await pickOrigin(urls));
    const key = origin === undefined ? undefined : await askKey(origin);
    if (origin !== undefined && key !== undefined) await this.keys.set(origin, key);
  }

  private async removeKey(): Promise<void> {
    const known = this.settings.get('model.server.urls');
    const urls = known.length > 0 ? known : await askAddresses('');
    const origin = urls && (await pickOrigin(urls));
    if (origin === undefined) return;
    await this.keys.remove(origin);
    void vscode.window.showInformationMessage(t('The key of {0} is removed.', origin));
  }
}

async function askAddresses(value: string): Promise<readonly string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('Score on a server'),
    prompt: t(
      'Address of a server that gives prompt log-probabilities: vLLM, SGLang, llama.cpp. Several of one model: with blanks between them.',
    ),
    placeHolder: 'http://127.0.0.1:8000',
    value,
    ignoreFocusOut: true,
    validateInput(typed) {
      try {
        return addressesIn(typed).length === 0 ? t('An address is needed.') : undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  return text === undefined ? undefined : addressesIn(text);
}

/** The origin whose key is meant; asked for where there are several. */
async function pickOrigin(urls: readonly string[], why?: string): Promise<string | undefined> {
  const origins = [...new Set(addressesIn(urls.join(' ')).map(originOf))];
  if (origins.length === 1) return origins[0];
  return vscode.window.showQuickPick(origins, { placeHolder: why ?? t('The key of which server?') });
}

function askKey(origin: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: t('Key of {0}', origin),
    prompt: t('It is kept in the secret storage of this computer and sent to this server only.'),
    password: true,
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? t('A key is needed.') : undefined),
  });
}
