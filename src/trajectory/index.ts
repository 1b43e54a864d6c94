/** The door of trajectory: what was said, where in the file, and what the file itself says of it. */
export {
  checkFields,
  FIELD_NAMES,
  type FieldCandidate,
  type FieldMapping,
  type FieldName,
  type FieldProposal,
  FieldsError,
  parseFields,
  proposeFields,
} from './fields';
export { FORMATS } from './formats/registry';
export { GoldAnswers, GoldError, readGold } from './gold';
export { readSource, readSpan, unescapeJson } from './read-span';
export type { DetectedFormat } from './reader/detect';
export { LineSplitter } from './reader/lines';
export { readRecords } from './reader/open';
export {
  detectFormat,
  type ReadOptions,
  readTrajectories,
  UnknownFormatError,
} from './reader/read';
export type { ReadItem } from './reader/record-reader';
export { openSource, type TraceSource } from './reader/source';
export { MAX_RECORD } from './reader/splitter';
export {
  checkPattern,
  PatternError,
  parseSplitting,
  type Range,
  SPLITTINGS,
  type Splitting,
  splitSteps,
} from './splitting';
export type {
  Negative,
  NegativeOrigin,
  RecordProblem,
  SourceText,
  Span,
  Step,
  StepLabel,
  Trajectory,
} from './trajectory';
