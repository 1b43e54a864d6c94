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
