import type { RecordProblem, Trajectory } from '../../trajectory/trajectory';

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

/** To the reading thread. */
export type ReadingRequest =
  | {
      readonly type: 'read';
      readonly job: number;
      readonly text: string;
      readonly name: string;
      /** A text is read only if some format fits it at least so well; 0 reads it as whatever fits best. */
      readonly confidence: number;
    }
  | { readonly type: 'cancel'; readonly job: number };

/** From the reading thread: `format` first, then any number of `traces` in file order, then `end`; or `error`. */
export type ReadingReply =
  | { readonly type: 'format'; readonly job: number; readonly format: RecognisedFormat | null }
  | {
      readonly type: 'traces';
      readonly job: number;
      readonly traces: readonly ReadTrace[];
      readonly problems: readonly RecordProblem[];
    }
  | { readonly type: 'end'; readonly job: number }
  | { readonly type: 'error'; readonly job: number; readonly message: string };
