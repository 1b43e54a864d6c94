import { cellSentence, plainLabel } from '../describe';
import { columnLabel, columnOf } from '../model/columns';
import type { HeatmapModel } from '../model/heatmap-model';
import { element } from './dom';

/**
 * The grid as assistive technology sees it: counts of rows and columns, and a real row with a real cell for the active
 * step, as a canvas has neither. `aria-activedescendant` points at that cell.
 */
export class GridAria {
  private readonly columnHead = element('div', { id: 'active-column' });
  private readonly rowHead = element('div', { id: 'active-row' });
  private readonly cell = element('div', { id: 'active-cell' });
  private readonly row = element('div', {}, this.rowHead, this.cell);
  private readonly head = element('div', {}, this.columnHead);
  readonly root = element('div', { className: 'unseen' }, this.head, this.row);

  constructor(private readonly grid: HTMLElement) {
    grid.setAttribute('role', 'grid');
    grid.setAttribute('aria-readonly', 'true');
    this.root.setAttribute('role', 'rowgroup');
    this.head.setAttribute('role', 'row');
    this.head.setAttribute('aria-rowindex', '1');
    this.columnHead.setAttribute('role', 'columnheader');
    this.row.setAttribute('role', 'row');
    this.rowHead.setAttribute('role', 'rowheader');
    this.rowHead.setAttribute('aria-colindex', '1');
    this.cell.setAttribute('role', 'gridcell');
    this.cell.setAttribute('aria-selected', 'true');
  }

  /** Follows the model. Row 1 and column 1 are the headings. */
  update(model: HeatmapModel): void {
    const { selection, store } = model;
    this.grid.setAttribute('aria-label', model.strings.gridLabel);
    this.grid.setAttribute('aria-rowcount', String(model.rows.length + 1));
    this.grid.setAttribute('aria-colcount', String(model.summary.columns + 1));
    const at = selection === null ? -1 : model.placeOf(selection.row);
    if (selection === null || at < 0) {
      this.grid.removeAttribute('aria-activedescendant');
      this.row.hidden = true;
      return;
    }
    const column = columnOf(model.state.columns, store.steps(selection.row), selection.step);
    this.row.hidden = false;
    this.row.setAttribute('aria-rowindex', String(at + 2));
    this.columnHead.setAttribute('aria-colindex', String(column + 2));
    this.columnHead.textContent = columnLabel(model.state.columns, column);
    this.rowHead.textContent = plainLabel(store.id(selection.row));
    this.cell.setAttribute('aria-colindex', String(column + 2));
    this.cell.textContent = cellSentence(model.wording, store, selection.row, selection.step);
    this.grid.setAttribute('aria-activedescendant', this.cell.id);
  }
}
