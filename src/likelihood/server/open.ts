import { createHash } from 'node:crypto';
import type { ModelId } from '../likelihood-model';
import { serverRoot } from './address';
import { Endpoint, refuseOther } from './endpoint';
import { ExchangeError, ServerError } from './errors';
import { plainText } from './headers';
import { type BackOff, Pool } from './pool';
import type { Found } from './probe';
import { BACK_OFF } from './retry';
import { ServerModel } from './server-model';

/** Which servers, and how they are asked. Plain data: it crosses to the scoring process. */
export interface ServerOptions {
  /** Addresses of servers of one model. */
  readonly urls: readonly string[];
  /** The model to take where a server has several. */
  readonly model?: string;
  /** A folder with the model's tokenizer.json, in place of the server's own tokeniser. */
  readonly tokenizer?: string;
  /** Tokens that context and target may have together. Default: what the servers say, else 2048. */
  readonly window?: number;
  /** Requests that each server gets at a time. Default: as many as it works on. */
  readonly concurrency?: number;
  /** How long one request may take. */
  readonly timeoutMs?: number;
  /** Keys by origin (`https://host:port`); one is sent to its own origin and nowhere else. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly backOff?: BackOff;
}

export interface OpenedServer {
  readonly model: ServerModel;
  /** What was found, a line a server, for people. */
  readonly found: readonly string[];
}

const TIMEOUT_MS = 120_000;
/** llama-cpp-python's default; it does not say its own. */
const UNKNOWN_WINDOW = 2048;

/**
 * Probes the servers and gives the model that they serve. One that cannot be reached now is tried again during the work,
 * as long as another one can be used.
 * @throws {ServerError} where none can be used, or two serve different models
 */
export async function openServer(options: ServerOptions, signal?: AbortSignal): Promise<OpenedServer> {
  const roots = [...new Set(options.urls.map(serverRoot))];
  if (roots.length === 0) throw new ServerError('there is no address of a server');
  const { model, tokenizer, timeoutMs = TIMEOUT_MS, keys = {}, concurrency, backOff = BACK_OFF } = options;
  const wanted = {
    ...(model === undefined ? {} : { model }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
  };
  const endpoints = roots.map((root) => {
    const key = keys[new URL(root).origin];
    return new Endpoint({ root, timeoutMs, ...(key === undefined ? {} : { key }) }, wanted, concurrency);
  });
  const probes = await Promise.allSettled(endpoints.map((endpoint) => endpoint.probed(signal)));
  signal?.throwIfAborted();
  const errors = probes.flatMap((probe) => (probe.status === 'rejected' ? [probe.reason as unknown] : []));
  const lasting = errors.find((error) => !passes(error));
  const reference = probes.find((probe) => probe.status === 'fulfilled')?.value;
  if (lasting !== undefined || !reference) throw lasting ?? errors[0];
  const lines = probes.map((probe, i) => {
    const root = roots[i] ?? '';
    if (probe.status === 'rejected') return `${(probe.reason as Error).message}; it is tried again later`;
    refuseOther({ root, timeoutMs }, probe.value, reference);
    return describe(root, probe.value);
  });
  const windows = probes.flatMap((p) => (p.status === 'fulfilled' && p.value.window ? [p.value.window] : []));
  const window = options.window ?? (windows.length > 0 ? Math.min(...windows) : UNKNOWN_WINDOW);
  const pool = new Pool(endpoints, backOff);
  return { model: new ServerModel(modelId(reference), window, pool, reference, backOff), found: lines };
}

/** Whether a server that failed so may be well in a while. */
const passes = (error: unknown): boolean =>
  error instanceof ExchangeError && ['busy', 'gone', 'late'].includes(error.kind);

/**
 * Name and hash of a served model: SHA-256 over the name that the server gives it, and the token ids of the probe's text.
 * Where it runs is not in it, so that shards scored by different machines belong together. Other weights under the same
 * name are not noticed.
 */
function modelId({ model, ids }: Found): ModelId {
  const sha256 = createHash('sha256')
    .update(JSON.stringify(['steplens server model', model, ids]))
    .digest('hex');
  return { name: plainText(model, 200), sha256 };
}

const OWNERS: Readonly<Record<string, string>> = {
  vllm: 'vLLM',
  sglang: 'SGLang',
  llamacpp: 'llama.cpp',
  me: 'llama-cpp-python',
};

function describe(root: string, { owner, model, window, dialect, tokeniser, logProbs }: Found): string {
  const mean = logProbs.reduce((sum, value) => sum + value, 0) / logProbs.length;
  const parts = [
    `model ${plainText(model, 200)}`,
    dialect.means,
    `tokens by ${tokeniser.source}`,
    window === undefined ? 'window not said' : `window ${window}`,
    `known text ${mean.toFixed(3)} nats/token`,
  ];
  return `${root}: ${OWNERS[owner] ?? 'an OpenAI-compatible server'}, ${parts.join(', ')}`;
}
