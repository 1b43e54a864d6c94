import type { Wording } from '../describe';
import { type Numbers, numbersFor } from '../numbers';
import type { HeatmapSettings, InitMessage, Measure, ProgressMessage } from '../protocol';
import { type Strings, withStrings } from '../strings';
import type { ViewState } from '../view-state';
import { columnOf } from './columns';
import { type Grid, type Move, moved } from './movement';
import { runQuery } from './query';
import { type Summary, summarise } from './summary';
import { TraceStore } from './trace-store';

/** A trace and one of its steps (0 where it has none). */
export interface Selection {
  readonly row: number;
  readonly step: number;
}

const NOTHING: Summary = {
  maxSteps: 0,
  columns: 0,
  columnMeans: new Float32Array(0),
  steps: 0,
  low: 0,
  scored: 0,
};

/** Settings before the host has sent its own. */
const DEFAULT_SETTINGS: HeatmapSettings = { threshold: -0.1, bands: [-0.5, -0.2, -0.05, 0.05, 0.2, 0.5] };

/**
 * All that the page knows, without the page: the traces, what of them is shown in which order, and the active cell.
 * Writing into `store` does not change the shown rows; `refresh` does, so that a live run can do it now and then.
 */
export class HeatmapModel {
  store = new TraceStore();
  generation = -1;
  title = '';
  measure: Measure = { name: '', unit: '', detail: '' };
  settings = rounded(DEFAULT_SETTINGS);
  strings: Strings = withStrings({});
  numbers: Numbers = numbersFor('en');
  progress: Pick<ProgressMessage, 'phase' | 'done' | 'total' | 'note'> = IDLE;
  selection: Selection | null = null;
  /** Shown rows in shown order. */
  rows: Int32Array = new Int32Array(0);
  summary: Summary = NOTHING;
  private places = new Int32Array(0);
  private column = 0;
  private wanted: ViewState['selected'];

  constructor(public state: ViewState) {
    this.wanted = state.selected;
  }

  /** Starts over with no rows; filters, sort and, by its id, the selection stay. */
  start(init: InitMessage): void {
    this.wanted = this.remembered();
    this.store = new TraceStore();
    this.selection = null;
    this.generation = init.generation;
    this.title = init.title;
    this.measure = init.measure;
    this.settings = rounded(init.settings);
    this.strings = withStrings(init.strings);
    this.numbers = numbersFor(init.locale);
    this.progress = IDLE;
    this.refresh();
  }

  useSettings(settings: HeatmapSettings): void {
    this.settings = rounded(settings);
    this.refresh();
  }

  setState(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    this.refresh();
  }

  /** Filters, sorts and sums up anew. */
  refresh(): void {
    this.rows = runQuery(this.store, this.state, this.settings.threshold);
    this.summary = summarise(this.store, this.rows, this.state.columns, this.settings.threshold);
    if (this.places.length < this.store.count) this.places = new Int32Array(this.store.count);
    this.places.fill(-1);
    this.rows.forEach((row, at) => {
      this.places[row] = at;
    });
    this.restoreSelection();
  }

  /** Index of a row among the shown ones, -1 where a filter hides it. */
  placeOf(row: number): number {
    return this.places[row] ?? -1;
  }

  /** Selects a step of any row, shown or hidden. A step beyond the end becomes the last one. */
  select(row: number, step: number): void {
    if (row >= this.store.count) return;
    const last = Math.max(this.store.steps(row) - 1, 0);
    this.selection = { row, step: Math.min(step, last) };
    this.wanted = null;
    this.column = columnOf(this.state.columns, this.store.steps(row), this.selection.step);
  }

  /** Moves the active cell. From a hidden row as from nowhere. Returns whether it moved. */
  move(by: Move, pageRows: number): boolean {
    const { selection } = this;
    const at = selection === null ? -1 : this.placeOf(selection.row);
    const from = selection === null || at < 0 ? undefined : { at, step: selection.step, column: this.column };
    const to = moved(this.grid(pageRows), from, by);
    if (to === undefined) return false;
    const row = this.rows[to.at] ?? 0;
    const changed = this.selection?.row !== row || this.selection.step !== to.step;
    this.selection = { row, step: to.step };
    this.column = to.column;
    return changed;
  }

  get wording(): Wording {
    const { strings, numbers, measure } = this;
    return { strings, numbers, measure, threshold: this.settings.threshold };
  }

  /** The selection by id, as it is stored; one that still waits for its row counts. */
  remembered(): ViewState['selected'] {
    if (this.selection === null) return this.wanted;
    return { id: this.store.id(this.selection.row), step: this.selection.step };
  }

  private grid(pageRows: number): Grid {
    const { store, rows, settings } = this;
    return { store, rows, mode: this.state.columns, pageRows, threshold: settings.threshold };
  }

  /** Finds the selected trace again, or brings the selection back inside a trace that has become shorter. */
  private restoreSelection(): void {
    if (this.selection !== null) this.select(this.selection.row, this.selection.step);
    const wanted = this.wanted;
    if (wanted === null) return;
    for (let row = 0; row < this.store.count; row++) {
      if (this.store.id(row) === wanted.id) {
        this.select(row, wanted.step);
        return;
      }
    }
  }
}

const IDLE = { phase: 'idle', done: 0, total: null, note: '' } as const;

/**
 * Threshold and edges in single precision, as the rewards are held: a reward equal to the threshold in the file must
 * not fall under it by rounding.
 */
function rounded(settings: HeatmapSettings): HeatmapSettings {
  const bands = settings.bands
    .map(Math.fround)
    .filter((edge, i, all) => i === 0 || edge > (all[i - 1] ?? edge));
  return { threshold: Math.fround(settings.threshold), bands };
}
