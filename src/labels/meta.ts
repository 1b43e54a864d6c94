import { version } from '../../package.json';
import { isGoldKnown } from '../cpmi/scored';
import type { CpmiSettings } from '../cpmi/settings';
import type { ModelId, Work } from '../likelihood/likelihood-model';
import type { FieldMapping, Splitting } from '../trajectory';
import type { LabelRecord } from './label-record';
import type { Entry, ScoredEntry } from './run/entry';
import type { Fingerprint } from './run/input';
import { LARGEST_Z, type SoftLabelScale } from './soft-label';

/** How a label file was made: the content of `<name>.cpmi.meta.json`. */
export interface LabelMeta {
  /** Version of Steplens. */
  readonly steplens: string;
  readonly output: { readonly file: string; readonly sha256: string };
  readonly input: Fingerprint & { readonly file: string; readonly format: string | null };
  readonly model: ModelId;
  readonly settings: CpmiSettings;
  readonly reading: {
    readonly format: string | null;
    readonly fields: FieldMapping | null;
    readonly splitting: Splitting;
    readonly limit: number | null;
    /** Name of the file of right answers. */
    readonly gold: string | null;
    readonly answer: string | null;
    readonly overflow: 'error' | 'cut-left';
  };
  /** soft label = sigmoid(clip((reward − center) / scale, ±largestZ)); hard: soft ≥ 0.5, or reward ≥ threshold. */
  readonly softLabels: SoftLabelScale & { readonly largestZ: number };
  readonly threshold: number | null;
  readonly counts: LabelCounts;
  /** The first of those that could not be scored. */
  readonly notScored: readonly { readonly line: number; readonly id: string; readonly reason: string }[];
  readonly cost: Work;
  /** Time that the model took, over all runs that worked on the file. */
  readonly seconds: number;
  readonly finished: string;
}

export interface LabelCounts {
  /** Traces in the input. */
  readonly traces: number;
  readonly scored: number;
  readonly notScored: number;
  /** Records of the input that are no trace. */
  readonly brokenRecords: number;
  readonly steps: number;
  readonly correct: number;
  readonly neutral: number;
  readonly incorrect: number;
  /** Steps whose label a person has set. */
  readonly human: number;
  /** Traces scored for their own final answer or by verdicts, as no gold answer was known. */
  readonly withoutGold: number;
  /** Traces without a wrong answer to contrast with. */
  readonly withoutNegatives: number;
  /** Of `traces`, those that earlier runs had scored. */
  readonly resumed: number;
}

const MAX_LISTED = 1_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what goes into a label file. */
export class Tally {
  readonly counts: Writable<LabelCounts>;
  readonly notScored: { line: number; id: string; reason: string }[] = [];
  readonly cost: Writable<Work> = {
    naivePositions: 0,
    distinctPositions: 0,
    computedPositions: 0,
    passes: 0,
  };
  seconds = 0;
  format: string | null = null;

  constructor({ brokenRecords, resumed }: Pick<LabelCounts, 'brokenRecords' | 'resumed'>) {
    const none = { traces: 0, scored: 0, notScored: 0, steps: 0, correct: 0, neutral: 0, incorrect: 0 };
    this.counts = { ...none, human: 0, withoutGold: 0, withoutNegatives: 0, brokenRecords, resumed };
  }

  skip({ line, id, reason }: Extract<Entry, { kind: 'unscored' }>): void {
    this.counts.traces++;
    this.counts.notScored++;
    if (this.notScored.length < MAX_LISTED) this.notScored.push({ line, id, reason });
  }

  add({ scored, format }: ScoredEntry, record: LabelRecord): void {
    const { counts, cost } = this;
    counts.traces++;
    counts.scored++;
    counts.steps += record.steps.length;
    for (const { label } of record.steps) counts[label]++;
    counts.human += record.labelledBy.filter((by) => by === 'human').length;
    if (!isGoldKnown(scored.goldSource)) counts.withoutGold++;
    if (scored.negatives.length === 0) counts.withoutNegatives++;
    cost.naivePositions += scored.cost.naivePositions;
    cost.distinctPositions += scored.cost.distinctPositions;
    cost.computedPositions += scored.cost.computedPositions;
    cost.passes += scored.cost.passes;
    this.seconds += scored.seconds;
    this.format ??= format;
  }
}

export function makeMeta(
  tally: Tally,
  made: Omit<
    LabelMeta,
    'steplens' | 'counts' | 'notScored' | 'cost' | 'seconds' | 'finished' | 'softLabels'
  > & {
    readonly scale: SoftLabelScale;
  },
): LabelMeta {
  const { scale, ...rest } = made;
  return {
    steplens: version,
    ...rest,
    softLabels: { ...scale, largestZ: LARGEST_Z },
    counts: tally.counts,
    notScored: tally.notScored,
    cost: tally.cost,
    seconds: Math.round(tally.seconds * 1000) / 1000,
    finished: new Date().toISOString(),
  };
}
