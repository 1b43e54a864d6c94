import { bandOf, type Scale, scaleFor } from '../colour/scale';
import type { Theme } from '../colour/theme';
import { drawGrid } from '../drawing/grid';
import { columnX, hit, type Layout, layOut, type Offset, pageRows, reveal, rowY } from '../drawing/layout';
import type { Scene, Spot } from '../drawing/scene';
import { type Cell, cellAt, columnOf } from '../model/columns';
import type { HeatmapModel } from '../model/heatmap-model';
import { CanvasPen } from './canvas-pen';
import { element } from './dom';
import { GridAria } from './grid-aria';
import { readTheme } from './theme';
import { OnFrame } from './timing';
import type { Anchor } from './tooltip';

/**
 * The grid on the screen: a canvas of the size of the window stays put in a scrolled area of the size of all rows, and
 * each frame draws only the rows in view. So a frame costs the same for 12 traces and for 100,000.
 */
export class GridView {
  private readonly canvas = element('canvas');
  private readonly area = element('div', { className: 'area' }, this.canvas);
  readonly scroller = element('div', { className: 'grid', tabIndex: 0 }, this.area);
  private readonly aria = new GridAria(this.scroller);
  private readonly pen: CanvasPen | null;
  private readonly frame = new OnFrame(() => this.draw());
  private layout: Layout;
  theme: Theme = readTheme();
  scale: Scale;
  private pointed: { readonly x: number; readonly y: number } | null = null;
  /** Called after each drawing, when all positions are up to date. */
  onDrawn: () => void = () => {};

  constructor(private readonly model: HeatmapModel) {
    const context = this.canvas.getContext('2d', { alpha: false });
    this.pen = context === null ? null : new CanvasPen(context);
    this.canvas.setAttribute('aria-hidden', 'true');
    this.scroller.append(this.aria.root);
    this.scale = scaleFor(this.theme.kind, model.settings.bands);
    this.layout = this.measure();
    this.scroller.addEventListener('scroll', () => this.frame.request(), { passive: true });
    new ResizeObserver(() => this.relayout()).observe(this.scroller);
  }

  colourOf(reward: number): string {
    return this.scale.colours[bandOf(this.scale.edges, reward)] ?? 'transparent';
  }

  /** Draws at the next frame. */
  invalidate(): void {
    this.frame.request();
  }

  /** The theme or the bands changed. */
  restyle(): void {
    this.theme = readTheme();
    this.scale = scaleFor(this.theme.kind, this.model.settings.bands);
    this.invalidate();
  }

  /** Rows, columns or the size changed. */
  relayout(): void {
    this.layout = this.measure();
    this.area.style.width = `${this.layout.scrollWidth}px`;
    this.area.style.height = `${this.layout.scrollHeight}px`;
    this.aria.update(this.model);
    this.invalidate();
  }

  /** Runs `change`, which may reorder the rows, and keeps the selected row where it was on the screen. */
  keepingPlace(change: () => void): void {
    const before = this.selectedY();
    const seen = before !== undefined && before > 0 && before < this.layout.height;
    change();
    this.relayout();
    const after = this.selectedY();
    if (!seen || after === undefined || before === after) return;
    const offset = this.offset();
    this.scrollTo({ ...offset, top: offset.top + after - before });
  }

  /** Brings the selected cell into view, if it is shown. */
  showSelection(): void {
    const spot = this.activeSpot();
    this.aria.update(this.model);
    if (spot !== undefined) {
      const columns = { first: spot.cell?.firstColumn ?? 0, last: spot.cell?.lastColumn ?? 0 };
      this.scrollTo(reveal(this.layout, this.offset(), spot.at, columns));
    }
    this.invalidate();
  }

  /** Index of the first row in view. */
  get topRow(): number {
    return Math.floor(this.offset().top / this.layout.rowHeight);
  }

  /** Scrolls a row to the top. */
  showRow(at: number): void {
    this.scrollTo({ top: at * this.layout.rowHeight, left: 0 });
    this.invalidate();
  }

  get pageRows(): number {
    return pageRows(this.layout);
  }

  /** What lies under a point of the window. */
  spotAt(clientX: number, clientY: number): Spot | undefined {
    const box = this.scroller.getBoundingClientRect();
    const found = hit(this.layout, this.offset(), clientX - box.left, clientY - box.top);
    if (found === undefined) return undefined;
    const row = this.model.rows[found.row] ?? -1;
    if (found.column < 0) return { at: found.row };
    const cell = cellAt(this.model.state.columns, this.model.store.steps(row), found.column);
    return cell === undefined ? undefined : { at: found.row, cell };
  }

  /** Where the pointer is, in the window; null where it is not over the grid or not to be shown. */
  set pointer(point: { readonly x: number; readonly y: number } | null) {
    this.pointed = point;
    this.invalidate();
  }

  /** Where a spot is in the window; its label where it has no cell. */
  anchorOf(spot: Spot): Anchor {
    const box = this.scroller.getBoundingClientRect();
    const offset = this.offset();
    const x = spot.cell === undefined ? 24 : columnX(this.layout, offset, spot.cell.firstColumn);
    const columns = spot.cell === undefined ? 1 : spot.cell.lastColumn - spot.cell.firstColumn + 1;
    return {
      x: box.left + x,
      y: box.top + rowY(this.layout, offset, spot.at),
      width: columns * this.layout.columnWidth,
      height: this.layout.rowHeight,
    };
  }

  /** The selected cell, undefined where nothing is selected or a filter hides it. */
  activeSpot(): Spot | undefined {
    const { selection, store, state } = this.model;
    if (selection === null) return undefined;
    const at = this.model.placeOf(selection.row);
    if (at < 0) return undefined;
    const steps = store.steps(selection.row);
    const cell: Cell | undefined = cellAt(
      state.columns,
      steps,
      columnOf(state.columns, steps, selection.step),
    );
    return cell === undefined ? { at } : { at, cell };
  }

  /** What is to be drawn now. */
  scene(): Scene {
    const { store, rows, summary, state, wording } = this.model;
    const active = this.activeSpot();
    // Looked up anew each time, as rows move under a pointer that rests.
    const hovered = this.pointed === null ? undefined : this.spotAt(this.pointed.x, this.pointed.y);
    return {
      store,
      rows,
      summary,
      mode: state.columns,
      sort: state.sort,
      rowSize: state.rowSize,
      wording,
      scale: this.scale,
      theme: this.theme,
      layout: this.layout,
      offset: this.offset(),
      ...(active === undefined ? {} : { active }),
      ...(hovered === undefined ? {} : { hovered }),
    };
  }

  private draw(): void {
    const pen = this.pen;
    const layout = this.layout;
    if (pen === null || layout.width === 0 || layout.height === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(layout.width * ratio);
    const height = Math.round(layout.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.width = `${layout.width}px`;
      this.canvas.style.height = `${layout.height}px`;
    }
    pen.begin(ratio, this.theme.font);
    drawGrid(pen, this.scene());
    this.onDrawn();
  }

  private measure(): Layout {
    return layOut({
      width: this.scroller.clientWidth,
      height: this.scroller.clientHeight,
      rows: this.model.rows.length,
      columns: this.model.summary.columns,
      rowSize: this.model.state.rowSize,
    });
  }

  private offset(): Offset {
    // On whole device pixels, or the edges of all cells would blur.
    const ratio = window.devicePixelRatio || 1;
    const whole = (value: number) => Math.round(value * ratio) / ratio;
    return {
      top: whole(this.scroller.scrollTop * this.layout.stretch),
      left: whole(this.scroller.scrollLeft),
    };
  }

  private scrollTo(offset: Offset): void {
    this.scroller.scrollTop = offset.top / this.layout.stretch;
    this.scroller.scrollLeft = offset.left;
  }

  /** Top of the selected row in the viewport, in view or not. */
  private selectedY(): number | undefined {
    const spot = this.activeSpot();
    return spot === undefined ? undefined : rowY(this.layout, this.offset(), spot.at);
  }
}
