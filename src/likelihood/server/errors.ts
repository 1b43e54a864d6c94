/**
 * A model server that cannot be used: not there, not willing, of the wrong kind, or saying what cannot be true. The
 * message is one line and names the server; it never holds a key.
 */
export class ServerError extends Error {
  override readonly name: string = 'ServerError';
}

/** One exchange with a server failed. */
export class ExchangeError extends ServerError {
  override readonly name = 'ExchangeError';
  constructor(
    message: string,
    readonly kind: ExchangeFailure,
    /** HTTP status, where there was an answer. */
    readonly status?: number,
    /** When the server wants to be asked again. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/**
 * `busy`: try again, here or elsewhere (429, 5xx); `gone`: no connection, or it broke; `late`: no whole answer in time;
 * `lies`: an answer that cannot be right; `key`: it wants another key; `long`: the prompt is too long for it;
 * `refused`: it does not do what was asked.
 */
export type ExchangeFailure = 'busy' | 'gone' | 'late' | 'lies' | 'key' | 'long' | 'refused';
