import { isCount } from './checks';
import { OUTCOMES, type Outcome } from './protocol';

export const SORT_KEYS = ['file', 'lowest', 'mean', 'last', 'length'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** `step`: column k is step k. `fraction`: a fixed number of columns, each an equal part of every trace. */
export const COLUMN_MODES = ['step', 'fraction'] as const;
export type ColumnMode = (typeof COLUMN_MODES)[number];

export const ROW_SIZES = ['comfortable', 'compact', 'overview'] as const;
export type RowSize = (typeof ROW_SIZES)[number];

/** What a person chose in the page. It is kept by the webview and survives a reload of the window. */
export interface ViewState {
  /** Part of an id, any case; '' lets all pass. */
  readonly text: string;
  readonly outcome: Outcome | 'any';
  /** Format id; '' lets all pass. */
  readonly format: string;
  /** Only traces that have a step under the threshold. */
  readonly lowOnly: boolean;
  readonly sort: SortKey;
  readonly descending: boolean;
  readonly columns: ColumnMode;
  readonly rowSize: RowSize;
  /** By id, as rows may be numbered anew after a reload. */
  readonly selected: { readonly id: string; readonly step: number } | null;
}

export const DEFAULT_VIEW_STATE: ViewState = {
  text: '',
  outcome: 'any',
  format: '',
  lowOnly: false,
  sort: 'file',
  descending: false,
  columns: 'step',
  rowSize: 'comfortable',
  selected: null,
};

/** Reads back a stored state. What is missing or of another version's shape takes its default; never throws. */
export function parseViewState(value: unknown): ViewState {
  if (typeof value !== 'object' || value === null) return DEFAULT_VIEW_STATE;
  const of = value as { readonly [K in keyof ViewState]?: unknown };
  const fallback = DEFAULT_VIEW_STATE;
  return {
    text: typeof of.text === 'string' ? of.text : fallback.text,
    outcome: oneOf(['any', ...OUTCOMES] as const, of.outcome, fallback.outcome),
    format: typeof of.format === 'string' ? of.format : fallback.format,
    lowOnly: typeof of.lowOnly === 'boolean' ? of.lowOnly : fallback.lowOnly,
    sort: oneOf(SORT_KEYS, of.sort, fallback.sort),
    descending: typeof of.descending === 'boolean' ? of.descending : fallback.descending,
    columns: oneOf(COLUMN_MODES, of.columns, fallback.columns),
    rowSize: oneOf(ROW_SIZES, of.rowSize, fallback.rowSize),
    selected: selection(of.selected),
  };
}

function oneOf<T>(choices: readonly T[], value: unknown, fallback: T): T {
  return choices.find((choice) => choice === value) ?? fallback;
}

function selection(value: unknown): ViewState['selected'] {
  if (typeof value !== 'object' || value === null) return null;
  const { id, step } = value as { readonly id?: unknown; readonly step?: unknown };
  return typeof id === 'string' && isCount(step) ? { id, step } : null;
}
