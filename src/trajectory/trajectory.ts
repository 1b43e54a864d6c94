/**
 * What a trace file holds, whatever its format: a question, the reasoning steps that followed, and the answers around them.
 * Every text remembers where in the file it was written, so that a reward can be shown exactly there.
 */

/**
 * A stretch of the source file, in UTF-16 code units of its decoded text (a byte order mark is not counted), which is
 * how VS Code counts: `start` inclusive, `end` exclusive.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
  /**
   * How many layers of JSON string escaping lie between the file's characters and the text: 0 in plain text, 1 inside a
   * JSON string, 2 inside JSON that was itself stored as a JSON string.
   */
  readonly escapes: 0 | 1 | 2;
}

/** A text with the places it was read from. Decoding the spans in order and joining them with `joint` gives `text`. */
export interface SourceText {
  readonly text: string;
  readonly spans: readonly Span[];
  /** What was put between the spans when they were joined; absent where there is at most one. */
  readonly joint?: string;
}

/** A verdict on one step, in the terms of PRM data sets. */
export type StepLabel = 'correct' | 'neutral' | 'incorrect';

/** One step of reasoning: the unit that gets a reward. */
export interface Step extends SourceText {
  /** Position in the trajectory, from 0. */
  readonly index: number;
  /** In an agent's trace: what the environment answered to this step. Later steps see it; it is shown, never scored. */
  readonly observation?: SourceText;
  /** The verdict that the file itself carries on this step. */
  readonly label?: StepLabel;
}

/** Where a wrong answer came from. */
export type NegativeOrigin = 'sibling' | 'option' | 'intermediate' | 'perturbation' | 'sampled';

/** A wrong answer to contrast the gold answer with: a hard negative. */
export interface Negative {
  readonly text: string;
  readonly origin: NegativeOrigin;
}

/** One reasoning trace as read from a file. */
export interface Trajectory {
  /** The record's own id, else its place in the file (`#12`). Unique within the file. */
  readonly id: string;
  /** Id of the format it was read as, e.g. `processbench`. */
  readonly format: string;
  readonly question: SourceText;
  readonly steps: readonly Step[];
  /** The right answer, if the file says it. */
  readonly goldAnswer?: SourceText;
  /** The answer that this trace arrives at, if one can be read. */
  readonly finalAnswer?: string;
  /** Whether the file says that the final answer is right. */
  readonly answerCorrect?: boolean;
  /** Wrong answers recorded with the trace. */
  readonly negatives: readonly Negative[];
  /** Index of the first wrong step, -1 where the file says there is none, absent where it says nothing. */
  readonly firstError?: number;
  /** The data set's own name of the task, where it has one. */
  readonly task?: string;
  /** In an archive: the member that the record stands in. Spans and lines then count in the member's text. */
  readonly member?: string;
  /** Line of the record in the file, from 1. */
  readonly line: number;
  /** The whole record in the file. */
  readonly span: Span;
}

/** A record that could not be read. The rest of the file goes on. */
export interface RecordProblem {
  /** Line in the file, from 1. */
  readonly line: number;
  /** One sentence: what is wrong and, where it helps, what was expected. */
  readonly reason: string;
}
