import * as vscode from 'vscode';
import { t } from '../l10n';

const KEY = 'steplens.hubToken';

/** The person's token for the hub: of the environment, or of the secret storage; never in a setting. */
export class HubToken {
  constructor(private readonly secrets: vscode.SecretStorage) {}

  async get(): Promise<string | undefined> {
    return process.env.HF_TOKEN || (await this.secrets.get(KEY));
  }

  /** Asks for one and keeps it. @returns whether one was given; an empty one takes the kept one away */
  async ask(why: string): Promise<boolean> {
    const token = await vscode.window.showInputBox({
      title: t('Token for the Hugging Face hub'),
      prompt: why,
      placeHolder: 'hf_…',
      password: true,
      ignoreFocusOut: true,
    });
    if (token === undefined) return false;
    if (token.trim() === '') await this.secrets.delete(KEY);
    else await this.secrets.store(KEY, token.trim());
    return token.trim() !== '';
  }
}
