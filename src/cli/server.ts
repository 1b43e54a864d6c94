import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { ExchangeError, openServer, ServerError, serverRoot } from '../likelihood/server';
import { CliError } from './errors';
import { whole } from './numbers';
import { printable } from './terminal';

/** Options of a model behind servers. */
export interface ServerCliOptions {
  readonly server?: string[];
  readonly serverModel?: string;
  readonly serverTokenizer?: string;
  readonly serverWindow?: number;
  readonly serverConcurrency?: number;
  readonly serverTimeout?: number;
  readonly serverKeyEnv: string;
}

export function addServerOptions(command: Command): Command {
  return command
    .option(
      '--server <url>',
      'score on a server that gives prompt log-probabilities (vLLM, SGLang, llama.cpp, llama-cpp-python) instead of a model folder; repeat it for several servers of one model',
      address,
    )
    .option('--server-model <name>', 'the model to take where the server has several')
    .option(
      '--server-tokenizer <folder>',
      "folder with the model's tokenizer.json, in place of the server's tokeniser",
    )
    .option(
      '--server-window <N>',
      'tokens that the server takes at a time (default: what it says)',
      whole(16),
    )
    .option(
      '--server-concurrency <N>',
      'requests that each server gets at a time (default: as many as it works on)',
      whole(1, 1024),
    )
    .option('--server-timeout <seconds>', 'how long one request may take', whole(1, 3600), 120)
    .addOption(
      new Option('--server-key-env <name>', "environment variable with the server's key").default(
        'STEPLENS_API_KEY',
      ),
    );
}

/** Collects the addresses. */
function address(text: string, before: string[] | undefined): string[] {
  try {
    return [...(before ?? []), serverRoot(text)];
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

/**
 * Probes the servers and says on stderr what they are. No process of its own is needed: the work is done elsewhere.
 * @throws {CliError} where they cannot be used
 */
export async function startServer(
  urls: readonly string[],
  options: ServerCliOptions & { readonly model?: string },
): Promise<LikelihoodModel> {
  const { serverModel, serverTokenizer, serverWindow, serverConcurrency, serverTimeout, serverKeyEnv } =
    options;
  if (options.model !== undefined) {
    throw new CliError('--model and --server both say which model scores; one of them is enough', 2);
  }
  const key = process.env[serverKeyEnv];
  // Whoever names a server on the command line means it to have the key.
  const keys = key ? Object.fromEntries(urls.map((url) => [new URL(url).origin, key])) : {};
  try {
    const { model, found } = await openServer({
      ...{ urls, keys },
      ...(serverTimeout === undefined ? {} : { timeoutMs: serverTimeout * 1000 }),
      ...(serverModel === undefined ? {} : { model: serverModel }),
      ...(serverTokenizer === undefined ? {} : { tokenizer: serverTokenizer }),
      ...(serverWindow === undefined ? {} : { window: serverWindow }),
      ...(serverConcurrency === undefined ? {} : { concurrency: serverConcurrency }),
    });
    for (const line of found) process.stderr.write(`${printable(line)}\n`);
    return model;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const hint =
      error instanceof ExchangeError && error.kind === 'key'
        ? `; put it into the environment variable ${serverKeyEnv}`
        : '';
    throw new CliError(`${printable(error.message)}${hint}`);
  }
}
