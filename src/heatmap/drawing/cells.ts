import { bandOf } from '../colour/scale';
import { isHighContrast } from '../colour/theme';
import { type Cell, cellAt, shownStep } from '../model/columns';
import { columnX, rowY, type Window } from './layout';
import { lowMark } from './marks';
import type { Pen } from './pen';
import type { Scene } from './scene';

/** Narrowest and lowest cell that has room for a number such as `−0.42` and the mark beside it. */
const NUMBER = { width: 48, height: 18, size: 11.5 };

/** The cells of one shown row, as far as the window goes. */
export function drawCells(pen: Pen, scene: Scene, at: number, window: Window): void {
  const { store, layout, mode } = scene;
  const row = scene.rows[at] ?? 0;
  const steps = store.steps(row);
  const state = store.state(row);
  const y = rowY(layout, scene.offset, at);
  if (state === 'failed') {
    drawFailure(pen, scene, row, y);
    return;
  }
  const rewards = store.rewardsOf(row);
  let cell = cellAt(mode, steps, window.firstColumn);
  while (cell !== undefined && cell.firstColumn < window.endColumn) {
    const reward = state === 'scored' ? (rewards[shownStep(cell, rewards)] ?? Number.NaN) : Number.NaN;
    drawCell(pen, scene, cell, y, reward, state === 'scored');
    cell = cellAt(mode, steps, cell.lastColumn + 1);
  }
}

/** The rectangle of a cell in the viewport, without the gap to its neighbours. */
export function cellBox(scene: Scene, cell: Cell, y: number): { x: number; y: number; w: number; h: number } {
  const { layout, offset } = scene;
  const gap = layout.columnWidth >= 10 ? 1 : 0;
  const rowGap = layout.rowHeight >= 10 ? 1 : 0;
  return {
    x: columnX(layout, offset, cell.firstColumn),
    y,
    w: (cell.lastColumn - cell.firstColumn + 1) * layout.columnWidth - gap,
    h: layout.rowHeight - rowGap,
  };
}

function drawCell(pen: Pen, scene: Scene, cell: Cell, top: number, reward: number, scored: boolean): void {
  const { scale, theme, wording } = scene;
  const { x, y, w, h } = cellBox(scene, cell, top);
  const roomy = h >= 10;
  if (Number.isNaN(reward)) {
    if (roomy) pen.frame(x, y, w, h, theme.line, 1);
    else pen.rect(x, y + h / 2 - 0.5, w, 1, theme.line);
    if (scored && roomy)
      pen.line([x + w / 2 - 3, y + h / 2 + 3, x + w / 2 + 3, y + h / 2 - 3], theme.muted, 1.2);
    return;
  }
  const band = bandOf(scale.edges, reward);
  const ink = scale.inks[band] ?? theme.foreground;
  pen.rect(x, y, w, h, scale.colours[band] ?? theme.background);
  if (roomy && isHighContrast(theme)) pen.frame(x, y, w, h, theme.line, 1);
  const low = reward < wording.threshold;
  if (w >= NUMBER.width && h >= NUMBER.height) {
    const text = wording.numbers.reward(reward);
    pen.text(text, x + w / 2 + (low ? 5 : 0), y + h / 2 + 0.5, {
      colour: ink,
      size: NUMBER.size,
      align: 'center',
    });
    if (low) lowMark(pen, x + 8, y + h / 2, 7, ink);
  } else if (low && roomy) {
    lowMark(pen, x + w / 2, y + h / 2, Math.min(8, w - 4, h - 4), ink);
  } else if (low) {
    // Too thin for a triangle: a notch in the middle third.
    pen.rect(x + w / 3, y + h / 2 - 0.5, w / 3, 1.5, ink);
  }
}

function drawFailure(pen: Pen, scene: Scene, row: number, y: number): void {
  const { layout, theme, wording, store } = scene;
  const room = layout.width - layout.gutter - 20;
  if (layout.rowHeight < 10) {
    pen.rect(layout.gutter, y + layout.rowHeight / 2, room, 1, theme.muted);
    return;
  }
  const reason = wording.strings.failed.replace('{0}', () => store.failure(row) ?? '');
  pen.text(reason, layout.gutter + 8, y + layout.rowHeight / 2, {
    colour: theme.muted,
    size: 11,
    align: 'left',
    maxWidth: room,
  });
}
