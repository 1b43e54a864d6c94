import type { CpmiSettings } from '../cpmi/settings';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import type { FieldMapping, GoldAnswers, RecordProblem, Splitting } from '../trajectory';
import type { LabelMeta } from './meta';
import type { LabelProgress } from './run/rate';
import type { Shard } from './shards/shard';

/** What to label, and how. */
export interface LabelTask {
  /** The trace file. */
  readonly source: string;
  /** Where the labels go; `labelPath(source)` by default. */
  readonly out?: string;
  readonly model: LikelihoodModel;
  readonly settings: CpmiSettings;
  /** Gold answer of traces whose file has none. */
  readonly answer?: string;
  readonly overflow?: 'error' | 'cut-left';
  readonly format?: string;
  readonly splitting?: Splitting;
  /** Where records of an unknown schema say what a trace needs. */
  readonly fields?: FieldMapping;
  /** Right answers of another file, for traces whose own has none. */
  readonly gold?: GoldAnswers;
  /** How many traces to label at most. */
  readonly limit?: number;
  /** Reward from which on a step is correct; by default where the soft label is 0.5. */
  readonly threshold?: number;
  /** Whether labels and gold answers that people have set (`humanLabelPath`) go before the model's. Default: yes. */
  readonly humanLabels?: boolean;
  /** Whether an output that is there already is overwritten. */
  readonly force?: boolean;
  /** Whether what an earlier run has scored is dropped. */
  readonly restart?: boolean;
  /** Score only this part of the traces, and write it as a shard for `mergeShards`. */
  readonly shard?: Shard;
  /** Traces that are scored at a time, 1 by default. The output is the same. */
  readonly jobs?: number;
}

export interface LabelWatch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LabelProgress) => void;
  /** A record that is no trace, or a trace that is not scored. The run goes on. */
  readonly onProblem?: (problem: RecordProblem) => void;
}

export interface LabelResult {
  readonly out: string;
  /** Where the metadata are; a shard holds its own. */
  readonly meta?: string;
  /** Of a shard: its own counts, and soft labels fitted to it alone, which are not used. */
  readonly made: LabelMeta;
}
