import type { Outcome } from '../../heatmap/protocol';
import type { ReadTrace, RecognisedFormat } from '../reading/protocol';
import type { ReadingTerms } from '../reading/terms';

/** To the thread that reads one large file. `open` comes first, once. */
export type LargeRequest =
  | { readonly type: 'open'; readonly path: string; readonly terms: ReadingTerms }
  | { readonly type: 'read'; readonly job: number; readonly row: number };

/** Some rows as they are found, one a trace; all lists have one entry a row. */
export interface FoundRows {
  /** Number of the first one in the file, from 0. */
  readonly start: number;
  readonly ids: readonly string[];
  readonly lines: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** How many steps each has. */
  readonly steps: readonly number[];
}

/** How far the thread has got. */
export interface LargeProgress {
  /** Traces found so far. */
  readonly rows: number;
  /** Records that could not be read. */
  readonly problems: number;
  /** From 0 to 1. */
  readonly share: number;
  /** `paused`: there are more rows than are listed; it goes on where one of them is asked for. */
  readonly phase: 'reading' | 'paused' | 'done';
}

/** From the thread: `format` first, then `rows` in file order; a `trace` for every `read`; `failed` ends it all. */
export type LargeReply =
  | { readonly type: 'format'; readonly format: RecognisedFormat | null; readonly faults: readonly string[] }
  | { readonly type: 'rows'; readonly rows: FoundRows; readonly progress: LargeProgress }
  | { readonly type: 'progress'; readonly progress: LargeProgress }
  | { readonly type: 'trace'; readonly job: number; readonly trace: ReadTrace | null }
  | { readonly type: 'error'; readonly job: number; readonly message: string }
  | { readonly type: 'failed'; readonly message: string };

/** Rows that are listed: what a page can show, and what its memory holds. */
export const MAX_ROWS = 200_000;
