import { ExchangeError } from './errors';
import { plainText, retryAfter } from './headers';

/** A server to talk to. */
export interface Peer {
  /** `serverRoot`. */
  readonly root: string;
  /** Sent as a bearer token, to this server only: redirects are not followed. */
  readonly key?: string;
  /** For the whole exchange: connecting, waiting, and reading the last byte, however slowly they come. */
  readonly timeoutMs: number;
  /** Of an answer; no answer that is asked for is nearly as large as the default, 64 MB. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 64 * 2 ** 20;
/** Of an error only the beginning is read. */
const MAX_ERROR_BYTES = 64 * 2 ** 10;

/**
 * Sends JSON (or nothing, as GET) and gives back the JSON of the answer, of whatever shape.
 * @throws {ExchangeError} for all that can go wrong
 * @throws {DOMException} `AbortError` when the signal fires
 */
export async function exchange(
  peer: Peer,
  path: string,
  body: object | undefined,
  signal?: AbortSignal,
): Promise<unknown> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, peer.timeoutMs);
  try {
    return await answer(peer, path, body, stop.signal);
  } catch (error) {
    if (signal?.aborted) throw new DOMException('cancelled', 'AbortError');
    if (late) {
      const seconds = Math.round(peer.timeoutMs / 100) / 10;
      throw new ExchangeError(`${peer.root} gave no whole answer within ${seconds} s`, 'late');
    }
    if (error instanceof ExchangeError) throw error;
    throw new ExchangeError(`cannot talk to ${peer.root}: ${reason(error)}`, 'gone');
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

async function answer(
  { root, key, maxBytes = MAX_BYTES }: Peer,
  path: string,
  body: object | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${root}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    redirect: 'manual', // a key must not follow to another host
    signal,
  });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new ExchangeError(
      `${root} redirects (status ${response.status}); redirects are not followed, give the address that it leads to`,
      'refused',
      response.status,
    );
  }
  if (!response.ok) throw await refusal(root, path, response);
  const text = await readText(root, response, maxBytes);
  try {
    return JSON.parse(text);
  } catch {
    const what = /^\s*</.test(text) ? 'a web page' : `"${plainText(text, 60)}"`;
    throw new ExchangeError(`${root} answered ${path} with ${what} instead of JSON`, 'lies', response.status);
  }
}

/** Reads a body no further than the limit. */
async function readText(root: string, response: Response, limit: number, whole = true): Promise<string> {
  const announced = Number(response.headers.get('content-length'));
  const tooLarge = () =>
    new ExchangeError(`${root} answered with more than ${limit} bytes`, 'lies', response.status);
  if (whole && announced > limit) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > limit && whole) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
    if (bytes > limit) break;
  }
  return text + decoder.decode();
}

/** What an error status means. */
async function refusal(root: string, path: string, response: Response): Promise<ExchangeError> {
  const { status, headers } = response;
  const said = errorMessage(await readText(root, response, MAX_ERROR_BYTES, false).catch(() => ''));
  const says = said === '' ? '' : `: ${said}`;
  if (status === 401 || status === 403) {
    return new ExchangeError(`${root} wants another key (status ${status})${says}`, 'key', status);
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const wait = retryAfter(headers.get('retry-after'), Date.now());
    return new ExchangeError(
      `${root} is busy or out of order (status ${status})${says}`,
      'busy',
      status,
      wait,
    );
  }
  const long = /context.{0,20}(?:length|window|size)|exceed.{0,40}(?:context|tokens)|longer than/i.test(said);
  return new ExchangeError(
    `${root} refuses ${path} (status ${status})${says}`,
    long && status !== 404 ? 'long' : 'refused',
    status,
  );
}

/** The message in an error's body: `{ error: { message } }`, `{ message }`, `{ detail }`, or plain text. */
function errorMessage(text: string): string {
  try {
    const value = JSON.parse(text) as { error?: unknown; message?: unknown; detail?: unknown } | null;
    const error = value?.error as { message?: unknown } | string | undefined;
    const found = [typeof error === 'string' ? error : error?.message, value?.message, value?.detail];
    const said = found.find((part) => typeof part === 'string');
    return plainText(typeof said === 'string' ? said : JSON.stringify(value?.detail ?? value), 300);
  } catch {
    return /^\s*</.test(text) ? '' : plainText(text, 200);
  }
}

/** The reason of a failed fetch stands in its cause. */
function reason(error: unknown): string {
  const { cause } = error as { cause?: { code?: unknown; message?: unknown } };
  const codes: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection was reset',
    ENOTFOUND: 'there is no such host',
    UND_ERR_SOCKET: 'the connection was closed',
    UND_ERR_CONNECT_TIMEOUT: 'no connection came about',
  };
  if (typeof cause?.code === 'string') return codes[cause.code] ?? cause.code;
  if (typeof cause?.message === 'string') return plainText(cause.message, 200);
  return error instanceof Error ? plainText(error.message, 200) : 'the connection failed';
}
