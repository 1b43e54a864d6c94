/** A LaTeX box in a text: `start` is the backslash, `end` is behind the closing brace, `content` lies between. */
export interface Box {
  readonly start: number;
  readonly end: number;
  readonly content: string;
}

/**
 * The closing brace of every opening brace, by position, in one pass. A brace behind a backslash is text (`\{`) and
 * counts for nothing; an opening brace without a partner is left out.
 */
export function matchBraces(text: string): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') i++;
    else if (char === '{') open.push(i);
    else if (char === '}') {
      const start = open.pop();
      if (start !== undefined) partner.set(start, i);
    }
  }
  return partner;
}

/** How LaTeX frames an answer. `\boxed5` without braces frames one character and is not read: nobody writes it. */
const BOX = /\\(?:boxed|fbox|framebox)\s{0,4}\{/g;

/** All complete `\boxed{…}` of a text, outermost only, in order. Linear in the text. */
export function findBoxes(text: string): Box[] {
  if (!text.includes('box')) return [];
  const partner = matchBraces(text);
  const boxes: Box[] = [];
  let after = 0;
  for (const match of text.matchAll(BOX)) {
    const brace = match.index + match[0].length - 1;
    const close = partner.get(brace);
    if (match.index < after || close === undefined) continue;
    after = close + 1;
    boxes.push({ start: match.index, end: after, content: text.slice(brace + 1, close) });
  }
  return boxes;
}
