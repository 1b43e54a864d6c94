import type { Spot } from '../drawing/scene';
import { shownStep } from '../model/columns';
import type { HeatmapModel } from '../model/heatmap-model';
import type { GridView } from './grid-view';
import { moveFor } from './keys';
import type { Tooltip } from './tooltip';

/** Milliseconds that the pointer rests on a cell before its card covers the cells below. */
const REST = 200;

/** What the grid's user did. */
export interface Actions {
  /** The active cell changed; with `open` its step is to be opened. */
  selected(open: boolean): void;
  /** The user wants to type into the filter. */
  search(): void;
}

/** Pointer and keyboard on the grid. */
export class Interaction {
  /** Whether the card follows the keyboard's cell rather than the pointer's. */
  private byKeys = false;
  /** What the pointer was over last. */
  private spot: Spot | undefined;
  private resting: number | undefined;

  constructor(
    private readonly model: HeatmapModel,
    private readonly view: GridView,
    private readonly tooltip: Tooltip,
    private readonly actions: Actions,
  ) {
    const { scroller } = view;
    scroller.addEventListener('pointermove', (event) => this.point(event));
    scroller.addEventListener('pointerleave', () => this.leave());
    scroller.addEventListener('click', (event) => this.click(event));
    scroller.addEventListener('keydown', (event) => this.key(event));
    scroller.addEventListener('blur', () => this.hideCard());
    scroller.addEventListener('wheel', () => this.hideCard(), { passive: true });
    view.onDrawn = () => this.followKeys();
  }

  hideCard(): void {
    window.clearTimeout(this.resting);
    this.byKeys = false;
    this.tooltip.hide();
  }

  private point(event: PointerEvent): void {
    const spot = this.view.spotAt(event.clientX, event.clientY);
    const before = this.spot;
    this.spot = spot;
    this.view.scroller.classList.toggle('over-cell', spot !== undefined);
    if (spot === undefined) {
      if (before !== undefined) this.leave();
      return;
    }
    if (before?.at === spot.at && before.cell?.firstColumn === spot.cell?.firstColumn) return;
    this.view.pointer = { x: event.clientX, y: event.clientY };
    this.hideCard();
    this.resting = window.setTimeout(() => this.showCard(event.clientX, event.clientY), REST);
  }

  /** Looks anew, as a live run may have moved the rows since the pointer came to rest. */
  private showCard(x: number, y: number): void {
    const spot = this.view.spotAt(x, y);
    if (spot !== undefined) this.tooltip.show(this.subjectOf(spot), this.view.anchorOf(spot));
  }

  private leave(): void {
    this.spot = undefined;
    this.view.pointer = null;
    if (!this.byKeys) this.hideCard();
  }

  private click(event: MouseEvent): void {
    const spot = this.view.spotAt(event.clientX, event.clientY);
    if (spot === undefined) return;
    const { row, step } = this.subjectOf(spot);
    this.model.select(row, step ?? this.lowestStep(row));
    this.actions.selected(true);
  }

  private key(event: KeyboardEvent): void {
    const move = moveFor(event);
    if (move !== undefined) {
      event.preventDefault();
      this.view.pointer = null;
      const changed = this.model.move(move, this.view.pageRows);
      this.hideCard();
      this.byKeys = true;
      this.view.showSelection();
      if (changed) this.actions.selected(false);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (this.view.activeSpot() !== undefined) this.actions.selected(true);
    } else if (event.key === 'Escape') {
      this.hideCard();
    } else if (event.key === '/') {
      event.preventDefault();
      this.actions.search();
    }
  }

  /** After a move by keys, and the scrolling it caused, the card stands at the active cell. */
  private followKeys(): void {
    if (!this.byKeys) return;
    const spot = this.view.activeSpot();
    const { selection } = this.model;
    if (spot === undefined || selection === null) this.hideCard();
    else this.tooltip.show(selection, this.view.anchorOf(spot));
  }

  private subjectOf(spot: Spot): { row: number; step: number | null } {
    const row = this.model.rows[spot.at] ?? -1;
    if (spot.cell === undefined) return { row, step: null };
    return { row, step: shownStep(spot.cell, this.model.store.rewardsOf(row)) };
  }

  /** A click on a trace's label means its weakest step. */
  private lowestStep(row: number): number {
    const index = this.model.store.rewardsOf(row).indexOf(this.model.store.lowest(row));
    return Math.max(index, 0);
  }
}
