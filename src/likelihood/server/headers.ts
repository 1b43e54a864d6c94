const MAX_WAIT_MS = 10 * 60_000;

/** Milliseconds of a Retry-After header (seconds or a date), at most ten minutes; undefined where it says nothing. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_WAIT_MS);
}

/** What a server says, made safe to print: on one line, without control characters, no longer than `length`. */
export function plainText(text: string, length: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
