import pRetry from 'p-retry';
import { ExchangeError, type ExchangeFailure } from './errors';
import type { BackOff, Outcome } from './pool';

/** How often a question is asked again, by what went wrong, before it is given up. */
const RETRIES: Readonly<Partial<Record<ExchangeFailure, number>>> = { busy: 10, gone: 10, late: 3, lies: 2 };

/** Between attempts. Each wait is drawn between its length and the double, so that clients do not come in step. */
export const BACK_OFF: BackOff = { firstMs: 200, longestMs: 10_000 };

/**
 * Runs `attempt` until it succeeds, as long as its errors are of those that pass.
 * @throws what the last attempt threw
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  backOff: BackOff,
  signal?: AbortSignal,
): Promise<T> {
  const failures: Partial<Record<ExchangeFailure, number>> = {};
  return pRetry(attempt, {
    retries: 10,
    factor: 2,
    minTimeout: backOff.firstMs,
    maxTimeout: backOff.longestMs,
    randomize: true,
    shouldRetry({ error }) {
      if (!(error instanceof ExchangeError)) return false;
      failures[error.kind] = (failures[error.kind] ?? 0) + 1;
      return (failures[error.kind] ?? 0) <= (RETRIES[error.kind] ?? 0);
    },
    ...(signal ? { signal } : {}),
  });
}

/** How much a failure says against a server. A busy one fails now and then; one that is gone mostly stays so. */
const WEIGHT: Readonly<Partial<Record<ExchangeFailure, number>>> = { busy: 1, lies: 2, gone: 4, late: 5 };

/** What an error says of the server that it came from. A server that asks for patience gets it. */
export function judge(error: unknown): Outcome {
  if (!(error instanceof ExchangeError)) return { weight: 0 };
  const { kind, status, retryAfterMs } = error;
  const weight = status === 429 ? 0 : (WEIGHT[kind] ?? 0);
  return { weight, ...(retryAfterMs === undefined ? {} : { restMs: retryAfterMs }) };
}
