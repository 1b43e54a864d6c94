import type { Scale } from '../colour/scale';
import type { Theme } from '../colour/theme';
import type { Wording } from '../describe';
import type { Cell } from '../model/columns';
import type { Summary } from '../model/summary';
import type { TraceStore } from '../model/trace-store';
import type { ColumnMode, RowSize, SortKey } from '../view-state';
import type { Layout, Offset } from './layout';

/** A row on the screen and the cell of it that is meant; without a cell the row as a whole. */
export interface Spot {
  /** Index into the shown rows. */
  readonly at: number;
  readonly cell?: Cell;
}

/** Everything that a drawing of the grid depends on. */
export interface Scene {
  readonly store: TraceStore;
  readonly rows: Int32Array;
  readonly summary: Summary;
  readonly mode: ColumnMode;
  readonly sort: SortKey;
  readonly rowSize: RowSize;
  readonly wording: Wording;
  readonly scale: Scale;
  readonly theme: Theme;
  readonly layout: Layout;
  readonly offset: Offset;
  readonly active?: Spot;
  readonly hovered?: Spot;
}
