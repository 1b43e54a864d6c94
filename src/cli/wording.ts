import { createInterface } from 'node:readline/promises';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';

/** `1.2 GB`: decimal units, as disks are sold. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

/** `3 days ago` of an ISO 8601 time; the time itself where it cannot be read. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (!Number.isFinite(seconds)) return time;
  const steps: readonly (readonly [number, string])[] = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ];
  for (const [length, name] of steps) {
    const count = Math.floor(seconds / length);
    if (count >= 1) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}

/**
 * Asks on the terminal; `y` and `yes` mean yes.
 * @param yes it was said before
 * @throws {CliError} where nobody can be asked
 */
export async function confirmed(question: string, yes = false): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new CliError(`${question} There is nobody to ask: --yes says so in a script`, 2);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(
      (await lines.question(`${question} [y/N] `, { signal: interruptSignal() })).trim(),
    );
  } finally {
    lines.close();
  }
}
