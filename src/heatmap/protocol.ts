/**
 * Everything that the heatmap's page and its panel in the editor say to each other: two unions of messages, each told
 * apart by `type`. The page speaks first, with `ready`; before that the host posts nothing. What arrives is checked by
 * `validate.ts` on either side, and what does not fit is reported and dropped.
 *
 * Rows are numbered from 0 in file order and never renumbered within a `generation`. The host starts a new generation
 * with every `init` and ignores page messages of an older one, so a late click never opens a wrong step.
 */

/** Whether a trace arrives at the right answer. */
export const OUTCOMES = ['unknown', 'right', 'wrong'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the host is busy with. `idle` ends a run, whether it finished, failed or was cancelled. */
export const PHASES = ['reading', 'scoring', 'idle'] as const;
export type Phase = (typeof PHASES)[number];

export const EXPORT_KINDS = ['png', 'svg', 'csv'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** Characters of an id that the page keeps; the rest is cut, as ids come from the trace file. */
export const MAX_ID_LENGTH = 200;
/** Characters of a step's text that the page shows. A host may send less and set `cut`. */
export const MAX_STEP_TEXT = 4000;
/** Steps of one trace, a bound on what the page allocates for a row. */
export const MAX_STEPS = 1_000_000;

/**
 * Rewards of the steps of some rows, one row after the other; nats per token. NaN or null: no reward (yet). A
 * Float32Array crosses to a webview as bytes, which is why large batches should be one.
 */
export type RewardList = Float32Array | readonly (number | null)[];

/** What the cells show; for the legend, the tooltips and the exports. Texts are shown as given. */
export interface Measure {
  /** E.g. `CPMI reward`. */
  readonly name: string;
  /** E.g. `nats per token`. */
  readonly unit: string;
  /** Model, estimator and the like, in one short line; may be empty. */
  readonly detail: string;
}

export interface HeatmapSettings {
  /** A step with a reward under this is low; nats per token. */
  readonly threshold: number;
  /** Edges between the colour bands, strictly ascending, 1 to 12 of them; nats per token. The band with 0 is neutral. */
  readonly bands: readonly number[];
}

/**
 * Rows `start`, `start + 1`, …: new ones after the last, or ones that changed in the file, which are replaced with
 * their rewards. All lists but `rewards` have one entry a row.
 */
export interface RowBatch {
  readonly start: number;
  readonly ids: readonly string[];
  /** Line of the record in its file, from 1. */
  readonly lines: readonly number[];
  readonly formats: readonly string[];
  readonly outcomes: readonly Outcome[];
  /** How many steps each row has, 0 to `MAX_STEPS`. */
  readonly steps: readonly number[];
  /** As many numbers as all these rows have steps; absent while nothing is scored. */
  readonly rewards?: RewardList;
}

/** Starts over with no rows. Filters, sort and selection (by trace id) stay as they were. */
export interface InitMessage {
  readonly type: 'init';
  readonly generation: number;
  /** Name of the file, for the exports and their file names. */
  readonly title: string;
  readonly measure: Measure;
  readonly settings: HeatmapSettings;
  /** Localised texts by the keys of `HEATMAP_STRINGS`; a missing key falls back to English. */
  readonly strings: Readonly<Record<string, string>>;
  /** BCP 47 tag for numbers, e.g. `en` or `de-CH`. */
  readonly locale: string;
}

export interface RowsMessage {
  readonly type: 'rows';
  readonly generation: number;
  readonly batch: RowBatch;
}

/** New rewards of rows that exist, while scoring. */
export interface RewardsMessage {
  readonly type: 'rewards';
  readonly generation: number;
  readonly rows: readonly number[];
  /** As many numbers as all these rows have steps, in the order of `rows`. */
  readonly rewards: RewardList;
}

/** Traces that could not be scored, each with its reason. */
export interface FailuresMessage {
  readonly type: 'failures';
  readonly generation: number;
  readonly failures: readonly { readonly row: number; readonly reason: string }[];
}

export interface ProgressMessage {
  readonly type: 'progress';
  readonly generation: number;
  readonly phase: Phase;
  /** Traces done. */
  readonly done: number;
  /** Traces in all, null while unknown. */
  readonly total: number | null;
  /** A localised addition such as the time left; may be empty. */
  readonly note: string;
}

export interface SettingsMessage {
  readonly type: 'settings';
  readonly settings: HeatmapSettings;
}

/** The editor's cursor stands in this step. `step` is null where the cursor is in the trace but in no step. */
export interface HostSelectMessage {
  readonly type: 'select';
  readonly generation: number;
  readonly row: number;
  readonly step: number | null;
}

/** Answers `askStep`. */
export interface StepMessage {
  readonly type: 'step';
  readonly generation: number;
  readonly row: number;
  readonly step: number;
  /** The step as written; the page shows it as text, never as markup. */
  readonly text: string;
  /** Whether `text` is only the beginning. */
  readonly cut: boolean;
  /** Further localised lines for the tooltip, e.g. what the reward is made of. */
  readonly details: readonly string[];
}

/** Answers `export`: a localised line to show. */
export interface ExportedMessage {
  readonly type: 'exported';
  readonly ok: boolean;
  readonly note: string;
}

/** Host to page. */
export type HostMessage =
  | InitMessage
  | RowsMessage
  | RewardsMessage
  | FailuresMessage
  | ProgressMessage
  | SettingsMessage
  | HostSelectMessage
  | StepMessage
  | ExportedMessage;

/** The page listens now. It asks for `init` and all rows. */
export interface ReadyMessage {
  readonly type: 'ready';
}

/** The active cell. With `open` the step is to be opened and focused; without, a visible editor follows quietly. */
export interface PageSelectMessage {
  readonly type: 'select';
  readonly generation: number;
  readonly row: number;
  /** Null in a trace without steps. */
  readonly step: number | null;
  readonly open: boolean;
}

export interface AskStepMessage {
  readonly type: 'askStep';
  readonly generation: number;
  readonly row: number;
  readonly step: number;
}

export interface ExportMessage {
  readonly type: 'export';
  readonly kind: ExportKind;
  /** Proposed file name with its extension. */
  readonly name: string;
  readonly data: Uint8Array;
}

export interface ScoreMessage {
  readonly type: 'score';
}

export interface CancelMessage {
  readonly type: 'cancel';
}

/** Something went wrong in the page; for the log. */
export interface ProblemMessage {
  readonly type: 'problem';
  readonly reason: string;
}

/** Page to host. */
export type PageMessage =
  | ReadyMessage
  | PageSelectMessage
  | AskStepMessage
  | ExportMessage
  | ScoreMessage
  | CancelMessage
  | ProblemMessage;
