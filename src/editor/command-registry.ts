import * as vscode from 'vscode';
import type { CommandArguments, CommandId } from './commands';
import { Disposable } from './disposable';

type Handlers = { readonly [C in CommandId]?: (...args: CommandArguments[C]) => unknown };

/** Registers commands by their typed names. A handler's error is logged by `onError` and shown, never lost. */
export class CommandRegistry extends Disposable {
  constructor(private readonly onError: (command: string, error: unknown) => void) {
    super();
  }

  register(handlers: Handlers): void {
    for (const [command, handler] of Object.entries(handlers) as [
      CommandId,
      (...args: unknown[]) => unknown,
    ][]) {
      this._register(
        vscode.commands.registerCommand(command, async (...args: unknown[]) => {
          try {
            return await handler(...args);
          } catch (error) {
            this.onError(command, error);
            return undefined;
          }
        }),
      );
    }
  }
}

/** A command as a lens, a tree item or a status item runs it. */
export function commandOf<C extends CommandId>(
  command: C,
  title: string,
  ...args: CommandArguments[C]
): vscode.Command {
  return { command, title, arguments: args };
}
