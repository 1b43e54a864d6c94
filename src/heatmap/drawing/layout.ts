import type { RowSize } from '../view-state';

/** Height of a row with its gap below, CSS pixels. */
export const ROW_HEIGHT: { readonly [K in RowSize]: number } = { comfortable: 24, compact: 14, overview: 4 };
export const HEADER_HEIGHT = 40;
/** Thin rows have no labels, only their place in the list now and then. */
const OVERVIEW_GUTTER = 72;
const COLUMN = { narrowest: 16, widest: 84, narrowestOverview: 6 };
/** Browsers cannot lay out elements of some 17 to 33 million pixels; beyond this the scroll bar moves in larger steps. */
const TALLEST = 12_000_000;

/** Where everything stands: the header above, the labels at the left, both always in view, and the cells beside them. */
export interface Layout {
  /** Of the viewport. */
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowHeight: number;
  readonly columnWidth: number;
  /** Width of the labels. */
  readonly gutter: number;
  readonly header: number;
  /** What there is to scroll over, header and labels included. */
  readonly scrollWidth: number;
  readonly scrollHeight: number;
  /** Pixels of content for each pixel of scrolling; 1 but for millions of rows. */
  readonly stretch: number;
}

/** How far the view is scrolled, in pixels of the content. */
export interface Offset {
  readonly top: number;
  readonly left: number;
}

export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowSize: RowSize;
}

export function layOut({ width, height, rows, columns, rowSize }: Shape): Layout {
  const gutter =
    rowSize === 'overview' ? OVERVIEW_GUTTER : Math.round(Math.min(Math.max(width * 0.26, 140), 250));
  const rowHeight = ROW_HEIGHT[rowSize];
  const narrowest = rowSize === 'overview' ? COLUMN.narrowestOverview : COLUMN.narrowest;
  const room = Math.floor((width - gutter - 8) / Math.max(columns, 1));
  const columnWidth = Math.min(Math.max(room, narrowest), COLUMN.widest);
  const contentHeight = HEADER_HEIGHT + rows * rowHeight + 2;
  const scrollHeight = Math.min(contentHeight, TALLEST);
  const stretch = contentHeight > TALLEST ? (contentHeight - height) / Math.max(1, TALLEST - height) : 1;
  return {
    width,
    height,
    rows,
    columns,
    rowHeight,
    columnWidth,
    gutter,
    header: HEADER_HEIGHT,
    scrollWidth: gutter + columns * columnWidth + 2,
    scrollHeight,
    stretch,
  };
}

/** Rows and columns that show, ends exclusive, those cut at an edge included. */
export interface Window {
  readonly firstRow: number;
  readonly endRow: number;
  readonly firstColumn: number;
  readonly endColumn: number;
}

export function visible(layout: Layout, offset: Offset): Window {
  const { rowHeight, columnWidth } = layout;
  const firstRow = clamp(Math.floor(offset.top / rowHeight), 0, layout.rows);
  const firstColumn = clamp(Math.floor(offset.left / columnWidth), 0, layout.columns);
  return {
    firstRow,
    endRow: clamp(Math.ceil((offset.top + layout.height - layout.header) / rowHeight), firstRow, layout.rows),
    firstColumn,
    endColumn: clamp(
      Math.ceil((offset.left + layout.width - layout.gutter) / columnWidth),
      firstColumn,
      layout.columns,
    ),
  };
}

/** Left edge of a column in the viewport. */
export const columnX = (layout: Layout, offset: Offset, column: number): number =>
  layout.gutter + column * layout.columnWidth - offset.left;

/** Top edge of a row in the viewport. */
export const rowY = (layout: Layout, offset: Offset, row: number): number =>
  layout.header + row * layout.rowHeight - offset.top;

/** What lies under a point of the viewport: a row, and the column there, or -1 over the labels. */
export function hit(
  layout: Layout,
  offset: Offset,
  x: number,
  y: number,
): { row: number; column: number } | undefined {
  if (y < layout.header || y >= layout.height || x < 0 || x >= layout.width) return undefined;
  const row = Math.floor((y - layout.header + offset.top) / layout.rowHeight);
  if (row < 0 || row >= layout.rows) return undefined;
  if (x < layout.gutter) return { row, column: -1 };
  const column = Math.floor((x - layout.gutter + offset.left) / layout.columnWidth);
  return column < layout.columns ? { row, column } : undefined;
}

/** The smallest scroll that brings a row and a stretch of columns wholly into view. */
export function reveal(
  layout: Layout,
  offset: Offset,
  row: number,
  columns: { readonly first: number; readonly last: number },
): Offset {
  const viewHeight = layout.height - layout.header;
  const viewWidth = layout.width - layout.gutter;
  return {
    top: nearest(offset.top, row * layout.rowHeight, (row + 1) * layout.rowHeight + 2, viewHeight),
    left: nearest(
      offset.left,
      columns.first * layout.columnWidth,
      (columns.last + 1) * layout.columnWidth + 2,
      viewWidth,
    ),
  };
}

/** Whole rows that fit below the header. */
export const pageRows = (layout: Layout): number =>
  Math.max(1, Math.floor((layout.height - layout.header) / layout.rowHeight));

function nearest(now: number, start: number, end: number, room: number): number {
  if (start < now || end - start > room) return start;
  return end > now + room ? end - room : now;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
