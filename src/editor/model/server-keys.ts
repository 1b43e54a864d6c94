import * as vscode from 'vscode';
import { Disposable } from '../disposable';

const PREFIX = 'steplens.serverKey:';

/** Keys of model servers, in VS Code's secret storage: one an origin, and each is for its own origin alone. */
export class ServerKeys extends Disposable {
  private readonly changed = this._register(new vscode.EventEmitter<void>());
  /** A key was set or taken away, in this window or another. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly secrets: vscode.SecretStorage) {
    super();
    this._register(
      secrets.onDidChange(({ key }) => {
        if (key.startsWith(PREFIX)) this.changed.fire();
      }),
    );
  }

  /** The keys that there are for some origins (`https://host:port`). */
  async of(origins: readonly string[]): Promise<Record<string, string>> {
    const keys: Record<string, string> = {};
    for (const origin of new Set(origins)) {
      const key = await this.secrets.get(PREFIX + origin);
      if (key !== undefined) keys[origin] = key;
    }
    return keys;
  }

  async set(origin: string, key: string): Promise<void> {
    await this.secrets.store(PREFIX + origin, key);
  }

  async remove(origin: string): Promise<void> {
    await this.secrets.delete(PREFIX + origin);
  }
}
