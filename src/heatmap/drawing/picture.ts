import { fill } from '../strings';
import { drawGrid } from './grid';
import { HEADER_HEIGHT, type Layout, layOut } from './layout';
import { drawLegend, LEGEND_HEIGHT } from './legend';
import type { Pen } from './pen';
import type { Scene } from './scene';

const MARGIN = 16;
const TITLE = 40;

/** A picture of the shown rows to save: title, header, rows and legend. Sizes in CSS pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Rows in it, counted over the shown rows; end exclusive. */
  readonly firstRow: number;
  readonly endRow: number;
  draw(pen: Pen): void;
}

/** What bounds a picture. Where not all rows fit, it begins with the first one in view and says so in its title. */
export interface PictureLimits {
  readonly cells: number;
  readonly height: number;
  readonly width: number;
}

/** Plans the picture of a scene; drawing it is left to `draw`, with a pen of any kind. */
export function planPicture(scene: Scene, title: string, limits: PictureLimits): Picture {
  const { columnWidth, rowHeight, gutter } = scene.layout;
  const furniture = TITLE + HEADER_HEIGHT + LEGEND_HEIGHT + 2 * MARGIN;
  const columns = Math.min(
    scene.layout.columns,
    Math.floor((limits.width - gutter - 2 * MARGIN) / columnWidth),
    limits.cells,
  );
  const fits = Math.min(
    Math.floor(limits.cells / Math.max(columns, 1)),
    Math.floor((limits.height - furniture) / rowHeight),
  );
  const firstRow = fits >= scene.rows.length ? 0 : firstInView(scene, fits);
  const endRow = Math.min(firstRow + fits, scene.rows.length);
  const layout = whole(scene, columns, endRow - firstRow);
  const width = Math.max(layout.width, 560) + 2 * MARGIN;
  const height = furniture + (endRow - firstRow) * rowHeight;
  return {
    width,
    height,
    firstRow,
    endRow,
    draw: (pen) => {
      pen.rect(0, 0, width, height, scene.theme.background);
      drawTitle(pen, scene, title, firstRow, endRow);
      const inner: Scene = {
        ...stillOf(scene),
        rows: scene.rows.subarray(firstRow, endRow),
        layout,
        offset: { top: 0, left: 0 },
      };
      drawGrid(shifted(pen, MARGIN, MARGIN + TITLE), inner);
      drawLegend(pen, { x: MARGIN, y: height - LEGEND_HEIGHT - 4 }, scene);
    },
  };
}

function firstInView(scene: Scene, fits: number): number {
  const first = Math.floor(scene.offset.top / scene.layout.rowHeight);
  return Math.max(0, Math.min(first, scene.rows.length - fits));
}

/** A layout without scrolling, with cells of the same size as on the screen. */
function whole(scene: Scene, columns: number, rows: number): Layout {
  const { rowHeight, columnWidth, gutter } = scene.layout;
  const width = gutter + columns * columnWidth + 2;
  const height = HEADER_HEIGHT + rows * rowHeight;
  const base = layOut({ width, height, rows, columns, rowSize: scene.rowSize });
  return { ...base, columnWidth, gutter, scrollWidth: width };
}

/** A scene without what belongs to the moment: pointer and selection. */
function stillOf(scene: Scene): Scene {
  const { active: _active, hovered: _hovered, ...still } = scene;
  return still;
}

function drawTitle(pen: Pen, scene: Scene, title: string, firstRow: number, endRow: number): void {
  const { theme, wording } = scene;
  const count = (value: number) => wording.numbers.count(value);
  pen.text(title, MARGIN, MARGIN + 6, { colour: theme.foreground, size: 15, align: 'left', bold: true });
  const rows = fill(
    wording.strings.pictureRows,
    count(firstRow + 1),
    count(endRow),
    count(scene.rows.length),
  );
  pen.text(rows, MARGIN, MARGIN + 26, { colour: theme.muted, size: 11, align: 'left' });
}

/** The same pen with its origin moved. */
function shifted(pen: Pen, dx: number, dy: number): Pen {
  const move = (points: readonly number[]) => points.map((value, i) => value + (i % 2 === 0 ? dx : dy));
  return {
    rect: (x, y, w, h, colour) => pen.rect(x + dx, y + dy, w, h, colour),
    polygon: (points, colour) => pen.polygon(move(points), colour),
    line: (points, stroke, width) => pen.line(move(points), stroke, width),
    frame: (x, y, w, h, stroke, thickness) => pen.frame(x + dx, y + dy, w, h, stroke, thickness),
    text: (text, x, y, style) => pen.text(text, x + dx, y + dy, style),
    clip: (x, y, w, h) => pen.clip(x + dx, y + dy, w, h),
    unclip: () => pen.unclip(),
  };
}
