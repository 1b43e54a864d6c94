/** The door of labels: from rewards to labels that last. */

export {
  EXPORTS,
  type ExportFormat,
  type ExportResult,
  type ExportTask,
  exportLabels,
  exportPath,
  NEUTRAL_AS,
  type NeutralAs,
} from './exports';
export { withHumanGold } from './human/gold';
export {
  type HumanLabel,
  type HumanLabels,
  NO_HUMAN_LABELS,
  setGoldAnswer,
  setStepLabel,
} from './human/human-labels';
export { editHumanLabels, readHumanLabels } from './human/sidecar';
export { traceKey } from './keys';
export { LabelError, type LabelErrorKind } from './label-error';
export { labelFile } from './label-file';
export type { LabelledBy, LabelledStepRecord, LabelRecord } from './label-record';
export type { LabelResult, LabelTask, LabelWatch } from './label-task';
export type { LabelCounts, LabelMeta } from './meta';
export { humanLabelPath, labelPath, metaPath } from './paths';
export { type LabelRule, type ScoreRecord, type StepRecord, toRecord } from './record';
export { REFERENCE_SCALE } from './reference-scale';
export { inOrder } from './run/in-order';
export { writeWhole } from './run/line-file';
export type { LabelProgress } from './run/rate';
export { refuseOverSource } from './run/target';
export {
  belongsTo,
  type MergeTask,
  mergeShards,
  outputOfShard,
  parseShard,
  type Shard,
  shardPath,
} from './shards';
export { fitSoftLabels, hardLabel, type SoftLabelScale, softLabel } from './soft-label';
export { type LabelStats, labelStats, type StatsTable, statsLine, statsPage, statsTables } from './stats';
export { readStored, type StoredItem, type StoredStep, type StoredTrace } from './stored';
