/**
 * Every text of the page in English. The host passes the same keys in the user's language; `{0}` and `{1}` are filled
 * in. Counts are written as "Traces: 12" so that no language needs plural forms.
 */
export const HEATMAP_STRINGS = {
  title: 'Reward heatmap',
  loading: 'Reading the traces…',
  noTraces: 'There is no trace in this file.',
  noMatch: 'No trace passes the filters.',
  clearFilters: 'Clear filters',
  notScored: 'These traces have no rewards yet.',
  scoreFile: 'Score file',
  hiddenSelection: 'The selected trace is hidden by the filters.',
  cancel: 'Cancel',
  scoringProgress: 'Scoring {0} of {1}',
  readingProgress: 'Reading, traces so far: {0}',
  searchId: 'Filter by id',
  outcome: 'Outcome',
  anyOutcome: 'Any outcome',
  right: 'Right answer',
  wrong: 'Wrong answer',
  unknown: 'Unknown outcome',
  format: 'Format',
  anyFormat: 'Any format',
  lowOnly: 'With a low step',
  sort: 'Sort',
  sortFile: 'File order',
  sortLowest: 'Lowest reward',
  sortMean: 'Mean reward',
  sortLast: 'Last reward',
  sortLength: 'Number of steps',
  reverse: 'Reverse the order',
  columns: 'Columns',
  columnsStep: 'By step',
  columnsFraction: 'By fraction',
  rowSize: 'Row size',
  rowsComfortable: 'Roomy',
  rowsCompact: 'Compact',
  rowsOverview: 'Overview',
  export: 'Export',
  exportPng: 'Export the shown traces as a PNG picture',
  exportSvg: 'Export the shown traces as an SVG picture',
  exportCsv: 'Export the rewards of the shown traces as CSV',
  exporting: 'Preparing the export…',
  counts: 'Traces: {0} of {1}',
  countSteps: 'Steps: {0}',
  countLow: 'Low: {0}',
  gridLabel: 'Rewards: a row is a trace, a column is a step',
  columnTrace: 'Trace',
  columnLowest: 'lowest',
  columnMean: 'mean',
  columnLast: 'last',
  columnLength: 'steps',
  meanOfShown: 'mean',
  cell: '{0}, step {1} of {2}',
  cellNoSteps: '{0}, no steps',
  reward: 'reward {0} {1}',
  noReward: 'no reward',
  pending: 'not scored yet',
  failed: 'could not be scored: {0}',
  low: 'low',
  lowMark: 'low: under {0}',
  pendingMark: 'not scored',
  stepsInCell: 'the lowest of steps {0} to {1}',
  openHint: 'Enter or click opens the step',
  textLoading: 'Loading the text…',
  textCut: 'The text goes on in the file.',
  pictureRows: 'Rows {0} to {1} of {2}',
  line: 'line {0}',
} as const;

export type StringKey = keyof typeof HEATMAP_STRINGS;
export type Strings = Readonly<Record<StringKey, string>>;

/** The English texts, replaced by those that the host has in another language. Unknown keys are ignored. */
export function withStrings(given: Readonly<Record<string, string>>): Strings {
  const all: Record<string, string> = { ...HEATMAP_STRINGS };
  for (const key of Object.keys(HEATMAP_STRINGS)) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (value !== undefined) all[key] = value;
  }
  return all as Strings;
}

/** Puts `values` in the places `{0}`, `{1}`, … of a text. A place without a value stays as it is. */
export function fill(template: string, ...values: readonly (string | number)[]): string {
  return template.replace(/\{(\d)\}/g, (place, digit: string) => String(values[Number(digit)] ?? place));
}
