import { bandOf } from '../colour/scale';
import { isHighContrast } from '../colour/theme';
import { plainLabel } from '../describe';
import { columnLabel } from '../model/columns';
import { sortValue } from '../model/query';
import type { StringKey } from '../strings';
import type { SortKey } from '../view-state';
import { cellBox, drawCells } from './cells';
import { columnX, rowY, visible, type Window } from './layout';
import { outcomeMark } from './marks';
import type { Pen } from './pen';
import type { Scene, Spot } from './scene';

const STRIP = { top: 5, height: 9 };
const LABEL_Y = 27;
const VALUE_WIDTH = 52;
/** Narrower labels give all their room to the id. */
const WITH_VALUE = 175;

const VALUE_LABEL: { readonly [K in SortKey]: StringKey } = {
  file: 'columnLowest',
  lowest: 'columnLowest',
  mean: 'columnMean',
  last: 'columnLast',
  length: 'columnLength',
};

/** The whole grid as it stands in the viewport: cells first, then what stays in view over them. */
export function drawGrid(pen: Pen, scene: Scene): void {
  const { layout, theme } = scene;
  const window = visible(layout, scene.offset);
  pen.rect(0, 0, layout.width, layout.height, theme.background);
  pen.clip(layout.gutter, layout.header, layout.width - layout.gutter, layout.height - layout.header);
  for (let at = window.firstRow; at < window.endRow; at++) drawCells(pen, scene, at, window);
  if (scene.hovered?.cell !== undefined) outline(pen, scene, scene.hovered, theme.foreground, 1);
  if (scene.active?.cell !== undefined) outline(pen, scene, scene.active, theme.focus, 2);
  pen.unclip();
  pen.clip(0, layout.header, layout.gutter, layout.height - layout.header);
  for (let at = window.firstRow; at < window.endRow; at++) drawLabel(pen, scene, at);
  pen.unclip();
  drawHeader(pen, scene, window);
}

function outline(pen: Pen, scene: Scene, spot: Spot, colour: string, thickness: number): void {
  if (spot.cell === undefined) return;
  const { x, y, w, h } = cellBox(scene, spot.cell, rowY(scene.layout, scene.offset, spot.at));
  const grow = thickness;
  pen.frame(x - grow, y - grow, w + 2 * grow, h + 2 * grow, colour, thickness);
  if (thickness > 1 && h >= 10) pen.frame(x, y, w, h, scene.theme.background, 1);
}

function drawLabel(pen: Pen, scene: Scene, at: number): void {
  const { store, layout, theme, wording } = scene;
  const row = scene.rows[at] ?? 0;
  const y = rowY(layout, scene.offset, at);
  const active = scene.active?.at === at;
  if (active || scene.hovered?.at === at) {
    pen.rect(0, y, layout.gutter - 4, layout.rowHeight, active ? theme.selected : theme.hover);
  }
  if (layout.rowHeight < 10) {
    drawTick(pen, scene, at, y);
    return;
  }
  const middle = y + layout.rowHeight / 2;
  const size = layout.rowHeight >= 20 ? 12.5 : 10.5;
  const colour = active ? theme.selectedText : theme.foreground;
  outcomeMark(pen, 14, middle, store.outcome(row), theme, scene.scale);
  pen.text(plainLabel(store.id(row)), 27, middle, {
    colour,
    size,
    align: 'left',
    maxWidth: layout.gutter - 27 - 10 - (layout.gutter >= WITH_VALUE ? VALUE_WIDTH : 0),
  });
  const value = sortValue(store, row, scene.sort);
  if (Number.isNaN(value) || layout.gutter < WITH_VALUE) return;
  const text = scene.sort === 'length' ? wording.numbers.count(value) : wording.numbers.reward(value);
  pen.text(text, layout.gutter - 12, middle, {
    colour: active ? theme.selectedText : theme.muted,
    size: size - 1,
    align: 'right',
  });
}

/** In rows too thin for a label, the place in the list, every so often. */
function drawTick(pen: Pen, scene: Scene, at: number, y: number): void {
  const every = Math.ceil(60 / scene.layout.rowHeight);
  if (at % every !== 0) return;
  pen.rect(scene.layout.gutter - 10, y, 6, 1, scene.theme.muted);
  pen.text(scene.wording.numbers.count(at + 1), scene.layout.gutter - 16, y + 6, {
    colour: scene.theme.muted,
    size: 10,
    align: 'right',
  });
}

function drawHeader(pen: Pen, scene: Scene, window: Window): void {
  const { layout, theme, wording, offset } = scene;
  pen.rect(0, 0, layout.width, layout.header, theme.background);
  pen.clip(layout.gutter, 0, layout.width - layout.gutter, layout.header);
  drawMeans(pen, scene, window);
  const every = labelEvery(scene);
  for (let column = window.firstColumn; column < window.endColumn; column++) {
    const here = under(scene.active, column) || under(scene.hovered, column);
    const regular = scene.mode === 'step' ? column === 0 || (column + 1) % every === 0 : column % every === 0;
    if (!here && (!regular || nearMarked(scene, column, every))) continue;
    pen.text(
      columnLabel(scene.mode, column),
      columnX(layout, offset, column) + layout.columnWidth / 2,
      LABEL_Y,
      {
        colour: here ? theme.foreground : theme.muted,
        size: 11,
        align: 'center',
        bold: here,
      },
    );
  }
  pen.unclip();
  const muted = { colour: theme.muted, size: 11 };
  pen.text(wording.strings.meanOfShown, layout.gutter - 12, STRIP.top + STRIP.height / 2, {
    ...muted,
    size: 10,
    align: 'right',
  });
  pen.rect(0, layout.header - 2, layout.width, 1, theme.line);
  if (layout.rowHeight < 10) return;
  pen.text(wording.strings.columnTrace, 27, LABEL_Y, { ...muted, align: 'left' });
  if (layout.gutter < WITH_VALUE) return;
  pen.text(wording.strings[VALUE_LABEL[scene.sort]], layout.gutter - 12, LABEL_Y, {
    ...muted,
    align: 'right',
  });
}

/** The mean of each column over the shown rows: where in their course traces lose the answer. */
function drawMeans(pen: Pen, scene: Scene, window: Window): void {
  const { layout, scale, summary } = scene;
  const gap = layout.columnWidth >= 10 ? 1 : 0;
  for (let column = window.firstColumn; column < window.endColumn; column++) {
    const mean = summary.columnMeans[column] ?? Number.NaN;
    if (Number.isNaN(mean)) continue;
    const fill = scale.colours[bandOf(scale.edges, mean)] ?? scene.theme.background;
    const x = columnX(layout, scene.offset, column);
    pen.rect(x, STRIP.top, layout.columnWidth - gap, STRIP.height, fill);
    if (isHighContrast(scene.theme)) {
      pen.frame(x, STRIP.top, layout.columnWidth - gap, STRIP.height, scene.theme.line, 1);
    }
  }
}

const under = (spot: Spot | undefined, column: number): boolean =>
  spot?.cell !== undefined && spot.cell.firstColumn === column;

/** Whether a marked label stands so close that the one of `column` would run into it. */
function nearMarked(scene: Scene, column: number, every: number): boolean {
  return [scene.active, scene.hovered].some((spot) => {
    if (spot?.cell === undefined) return false;
    const distance = Math.abs(spot.cell.firstColumn - column);
    return distance > 0 && distance < Math.min(every, 36 / scene.layout.columnWidth);
  });
}

/** Every how many columns a label has room. */
function labelEvery(scene: Scene): number {
  const digits = columnLabel(scene.mode, scene.layout.columns - 1).length;
  const room = digits * 7 + 8;
  const choices = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
  return choices.find((every) => every * scene.layout.columnWidth >= room) ?? 1000;
}
