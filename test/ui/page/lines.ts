export interface ViewLine {
  /** Counted from 1; undefined on the second and later rows of a wrapped line. */
  readonly number: number | undefined;
  readonly text: string;
}

/** An element's place from the top of the page, in whole pixels: layers of one line agree in it. */
export function topOf(element: Element | null): number {
  return Math.round(element?.getBoundingClientRect().top ?? Number.NaN);
}

/** The drawn rows, from the top. */
export function rowsOf(editor: Element): Element[] {
  return [...editor.querySelectorAll('.view-lines .view-line')].sort((a, b) => topOf(a) - topOf(b));
}

/** Which line's number stands at which height. */
export function lineNumbers(editor: Element): Map<number, number> {
  const elements = [...editor.querySelectorAll('.margin-view-overlays .line-numbers')];
  return new Map(elements.map((element) => [topOf(element.parentElement), Number(element.textContent)]));
}

/** A row's text; Monaco draws spaces as no-break ones. */
export function textOf(row: Node): string {
  return (row.textContent ?? '').replaceAll('\u00a0', ' ');
}

export function readLines(editor: Element): ViewLine[] {
  const numbers = lineNumbers(editor);
  return rowsOf(editor).map((row) => ({ number: numbers.get(topOf(row)), text: textOf(row) }));
}
