import { rowsOf, textOf } from './lines';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The middle of a text's first occurrence in an editor, in page coordinates; undefined where no drawn row has it. */
export function locateText(editor: Element, text: string): Point | undefined {
  for (const row of rowsOf(editor)) {
    const start = textOf(row).indexOf(text);
    const point = start < 0 ? undefined : pointOf(row, start + Math.floor(text.length / 2));
    if (point) {
      return point;
    }
  }
  return undefined;
}

/** Whether a cursor stands in the row of a text's first occurrence. */
export function hasCursorAt(editor: Element, text: string): boolean {
  const point = locateText(editor, text);
  const cursors = [...editor.querySelectorAll('.cursors-layer .cursor')].map((cursor) =>
    cursor.getBoundingClientRect(),
  );
  return point !== undefined && cursors.some((box) => box.top <= point.y && point.y <= box.bottom);
}

function pointOf(row: Element, index: number): Point | undefined {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  let offset = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (index < offset + length) {
      const range = document.createRange();
      range.setStart(node, index - offset);
      range.setEnd(node, index - offset + 1);
      const box = range.getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }
    offset += length;
  }
  return undefined;
}
