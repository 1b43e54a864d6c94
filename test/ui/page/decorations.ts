import { lineNumbers, rowsOf, topOf } from './lines';

/** Decorations of extensions have classes that begin so; selections and the current line do not. */
const EXTENSION_CLASS = '[class*="ced-"]';

export interface InlineText {
  readonly line: number | undefined;
  /** Characters of the row that stand before it. */
  readonly column: number;
  readonly text: string;
  /** CSS colour. */
  readonly color: string;
}

export interface Background {
  readonly line: number | undefined;
  /** CSS colour. */
  readonly color: string;
  /** In pixels. */
  readonly width: number;
}

/** Texts that decorations add: they are content of `::before` and `::after`, which no element's text shows. */
export function readInlineTexts(editor: Element): InlineText[] {
  const numbers = lineNumbers(editor);
  const found: InlineText[] = [];
  for (const row of rowsOf(editor)) {
    for (const span of row.querySelectorAll('span')) {
      for (const side of ['::before', '::after'] as const) {
        const style = getComputedStyle(span, side);
        const text = cssText(style.content);
        if (text) {
          const column = charactersBefore(row, span, side);
          found.push({ line: numbers.get(topOf(row)), column, text, color: style.color });
        }
      }
    }
  }
  return found;
}

/** The text of a CSS `content` value; empty for `none`, `normal`, counters and icons' private characters. */
function cssText(content: string): string {
  const quoted = content.startsWith('"') ? content.slice(1, -1).replaceAll(/\\(.)/g, '$1') : '';
  return quoted.replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
}

function charactersBefore(row: Element, span: Element, side: '::before' | '::after'): number {
  const range = document.createRange();
  range.setStart(row, 0);
  if (side === '::before') {
    range.setEndBefore(span);
  } else {
    range.setEndAfter(span);
  }
  return range.toString().length;
}

export function readBackgrounds(editor: Element): Background[] {
  const numbers = lineNumbers(editor);
  const found: Background[] = [];
  for (const element of editor.querySelectorAll(`.view-overlays ${EXTENSION_CLASS}`)) {
    const color = getComputedStyle(element).backgroundColor;
    const { width } = element.getBoundingClientRect();
    if (width > 0 && color !== 'rgba(0, 0, 0, 0)') {
      found.push({ line: numbers.get(topOf(element.parentElement)), color, width });
    }
  }
  return found;
}

/** Numbers of the lines with an extension's icon in the gutter. */
export function readGutter(editor: Element): number[] {
  const numbers = lineNumbers(editor);
  const icons = [...editor.querySelectorAll(`.margin ${EXTENSION_CLASS}`)].filter(
    (element) => getComputedStyle(element).backgroundImage !== 'none',
  );
  const lines = icons.map((icon) => numbers.get(topOf(icon)) ?? numbers.get(topOf(icon.parentElement)));
  return [...new Set(lines.filter((line) => line !== undefined))].sort((a, b) => a - b);
}
