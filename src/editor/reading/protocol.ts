import type { RecordProblem, Trajectory } from '../../trajectory/trajectory';
import type { ReadingTerms } from './terms';

/** How well a format must fit for a file to be taken as a trace file unasked. */
export const RECOGNITION = 0.7;

/** Whether a trace arrives at the right answer. */
export type Outcome = 'right' | 'wrong' | 'unknown';

/** A trace as the reading thread gives it: what the file says, its siblings' answers, and a name for its content. */
export interface ReadTrace {
  readonly trajectory: Trajectory;
  readonly siblings: readonly string[];
  /** Hash of everything in the trace that a reward can depend on. Its place in the file is not part of it. */
  readonly contentKey: string;
  /** The name under which human labels are kept: `traceKey` of the labels. */
  readonly traceKey: string;
  /** Whether the trace arrives at the right answer, by what the file says. */
  readonly outcome: Outcome;
}

/** What a file was recognised as; `confidence` from 0 to 1. */
export interface RecognisedFormat {
  readonly id: string;
  readonly label: string;
  readonly confidence: number;
  readonly reason: string;
}

/** A text to be read. */
export interface ReadingOrder {
  readonly text: string;
  readonly name: string;
  /** A text is read only if some format fits it at least so well; 0 reads it as whatever fits best. */
  readonly confidence: number;
  readonly terms: ReadingTerms;
}

/** To the reading thread. */
export type ReadingRequest =
  | ({ readonly type: 'read'; readonly job: number } & ReadingOrder)
  | { readonly type: 'cancel'; readonly job: number };

/**
 * From the reading thread: `format` first, then any number of `traces` in file order, then `end`; or `error`. Before them
 * `faults`, where some of the terms cannot be used.
 */
export type ReadingReply =
  | { readonly type: 'faults'; readonly job: number; readonly faults: readonly string[] }
  | { readonly type: 'format'; readonly job: number; readonly format: RecognisedFormat | null }
  | {
      readonly type: 'traces';
      readonly job: number;
      readonly traces: readonly ReadTrace[];
      readonly problems: readonly RecordProblem[];
    }
  | { readonly type: 'end'; readonly job: number }
  | { readonly type: 'error'; readonly job: number; readonly message: string };
