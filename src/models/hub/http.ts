import { setTimeout as sleep } from 'node:timers/promises';
import { ModelError } from '../model-error';

export type Fetch = typeof fetch;

export interface HubOptions {
  /** Address of the hub or of a mirror, without a slash at its end. */
  readonly endpoint: string;
  /** A token of the person's; it is sent to the endpoint's own host and to no other. */
  readonly token?: string | undefined;
  /** Goes through the proxy that is set. Default: Node's own. */
  readonly fetch?: Fetch;
  readonly signal?: AbortSignal;
  /** Told before a wait, with the reason and the seconds. */
  readonly onWait?: (reason: string, seconds: number) => void;
  /** For tests: waits, in ms. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
}

/** Attempts at one request, or at one stretch of a file that brings no new byte. */
export const MAX_ATTEMPTS = 5;
/** Longer than that nobody is kept waiting without being asked. */
const MOST_WAIT_S = 120;
/** Until the first byte of an answer, and between two pieces of it. */
export const SILENCE_MS = 30_000;

/** The hub that the environment names. @throws {ModelError} where that is no address */
export function endpointOf(env: NodeJS.ProcessEnv = process.env): string {
  const asked = (env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
  const url = URL.canParse(asked) ? new URL(asked) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) return asked;
  throw new ModelError(
    `HF_ENDPOINT is ${JSON.stringify(asked.slice(0, 200))}: it takes an address like https://huggingface.co`,
  );
}

/**
 * Fetch for the hub: answers 429 and 5xx and broken connections are tried again, after the time that the server asks for
 * or after longer and longer ones; the token goes to the endpoint's host only, and over a safe connection.
 * @throws {ModelError} one line that says what to do
 */
export function hubFetch(options: HubOptions): Fetch {
  const { endpoint, token, signal } = options;
  const plain = options.fetch ?? fetch;
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    headers.set('User-Agent', 'steplens');
    headers.delete('Authorization');
    if (token && mayHaveToken(url, endpoint)) headers.set('Authorization', `Bearer ${token}`);
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted();
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const signals = [silence.signal, ...(signal ? [signal] : []), ...(init?.signal ? [init.signal] : [])];
      let reason: string;
      let seconds = backOff(attempt);
      try {
        const response = await plain(url, { ...init, headers, signal: AbortSignal.any(signals) });
        if (response.status !== 429 && response.status < 500) return response;
        reason = response.status === 429 ? 'the hub asks to slow down' : `the hub answers ${response.status}`;
        seconds = retryAfter(response) ?? seconds;
        await response.body?.cancel();
      } catch (error) {
        signal?.throwIfAborted();
        init?.signal?.throwIfAborted();
        reason = silence.signal.aborted ? 'no answer' : networkReason(error);
        if (isOffline(error)) throw offline(url, reason); // waiting does not help who has no network
      } finally {
        clearTimeout(timer);
      }
      if (attempt >= MAX_ATTEMPTS || seconds > MOST_WAIT_S) throw gaveUp(url, reason, attempt, seconds);
      await pause(options, reason, seconds);
    }
  };
}

/** Waits as a server asked, or before another attempt. */
export async function pause(options: HubOptions, reason: string, seconds: number): Promise<void> {
  options.onWait?.(reason, seconds);
  const wait = options.sleep ?? ((ms, signal) => sleep(ms, undefined, signal ? { signal } : {}));
  await wait(seconds * 1000, options.signal);
}

/** 1, 2, 4 … seconds, less up to a half of it, so that many who failed together do not come back together. */
export const backOff = (attempt: number): number => 2 ** (attempt - 1) * (0.5 + Math.random() / 2);

function mayHaveToken(url: URL, endpoint: string): boolean {
  if (url.origin !== new URL(endpoint).origin) return false;
  return url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** `Retry-After` in seconds; undefined where it is missing or no time. */
function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('Retry-After');
  if (!value) return undefined;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** The system's reason, which Node puts into `cause`. */
export function networkReason(error: unknown): string {
  const { cause, code, message } = error as { cause?: unknown; code?: unknown; message?: unknown };
  if (cause) return networkReason(cause);
  return typeof code === 'string' ? code : String(message ?? error);
}

const isOffline = (error: unknown): boolean =>
  /ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED/.test(networkReason(error));

function offline(url: URL, reason: string): ModelError {
  return new ModelError(
    `cannot reach ${url.host} (${reason}): check the connection; HTTPS_PROXY names a proxy, HF_ENDPOINT a mirror, and ` +
      'docs/models.md says how to bring a model to a machine without a network',
  );
}

function gaveUp(url: URL, reason: string, attempts: number, seconds: number): ModelError {
  const wait = seconds > MOST_WAIT_S ? `; it asks to wait ${Math.ceil(seconds / 60)} minutes` : '';
  return new ModelError(
    `${url.host}: ${reason}, after ${attempts} attempt${attempts === 1 ? '' : 's'}${wait}. What was downloaded is kept: ` +
      'the same command goes on later',
  );
}
