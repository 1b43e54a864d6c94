import type { TraceStore } from '../model/trace-store';

const HEADER = 'id,line,format,outcome,step,steps,reward,low';
const ROWS_IN_A_PIECE = 500;

/**
 * The rewards of the shown rows in the shown order as CSV (RFC 4180: CRLF, quotes doubled), one line a step, so that
 * its size follows the number of steps and not the longest trace. Yields pieces of some thousand lines, so that a
 * caller can let the page breathe in between.
 *
 * `step` counts from 1; `reward` is in nats per token, in the fewest digits that give the stored single-precision
 * number back, empty where there is none; `low` is `true` or `false`, empty where there is no reward.
 */
export function* csvOf(store: TraceStore, rows: Int32Array, threshold: number): Generator<string> {
  yield `${HEADER}\r\n`;
  for (let from = 0; from < rows.length; from += ROWS_IN_A_PIECE) {
    let piece = '';
    for (const row of rows.subarray(from, from + ROWS_IN_A_PIECE)) piece += linesOf(store, row, threshold);
    yield piece;
  }
}

function linesOf(store: TraceStore, row: number, threshold: number): string {
  const trace = `${field(store.id(row))},${store.line(row)},${field(store.format(row))},${store.outcome(row)}`;
  const steps = store.steps(row);
  let lines = '';
  for (let step = 0; step < steps; step++) {
    const reward = store.reward(row, step);
    const known = !Number.isNaN(reward);
    const low = known ? String(reward < threshold) : '';
    lines += `${trace},${step + 1},${steps},${known ? shortest(reward) : ''},${low}\r\n`;
  }
  return lines;
}

/**
 * A text as a CSV field. One that a spreadsheet would take for a formula gets an apostrophe in front, as ids come from
 * trace files and may be hostile.
 */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The shortest decimal that rounds to the same single-precision number: 0.42 rather than 0.41999998688697815. */
export function shortest(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
