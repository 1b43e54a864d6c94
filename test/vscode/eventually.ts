import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE_MS } from '../../scripts/vscode/patience';

export interface EventuallyOptions {
  /** In ms. */
  readonly timeout?: number;
  /** What is waited for, for the message when it does not come. */
  readonly what?: string;
}

/**
 * Reads again and again until the value is as wanted, and returns it.
 * @throws Error with the value last read.
 */
export function eventually<T, U extends T>(
  read: () => Promise<T> | T,
  wanted: (value: T) => value is U,
  options?: EventuallyOptions,
): Promise<U>;
export function eventually<T>(
  read: () => Promise<T> | T,
  wanted: (value: T) => boolean,
  options?: EventuallyOptions,
): Promise<T>;
export async function eventually<T>(
  read: () => Promise<T> | T,
  wanted: (value: T) => boolean,
  { timeout = PATIENCE_MS, what = 'the wanted value' }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await read();
    if (wanted(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      const seen = JSON.stringify(value)?.slice(0, 2000);
      throw new Error(`${what} did not come in ${timeout / 1000} s; last seen: ${seen}`);
    }
    await sleep(100);
  }
}
