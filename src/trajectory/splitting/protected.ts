/** A stretch of a text: `start` inclusive, `end` exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The stretches of a text that must not be cut: fenced code, displayed and bracketed LaTeX, LaTeX environments, tables.
 * What is opened and never closed protects nothing. In order, without overlaps; linear in the text.
 */
export function protectedRanges(text: string): Range[] {
  const fences = fencedCode(text);
  const inFence = contains(fences);
  const math = [
    ...dollars(text, inFence),
    ...brackets(text, '\\[', '\\]', inFence),
    ...brackets(text, '\\(', '\\)', inFence),
    ...environments(text, inFence),
  ];
  return merge([...fences, ...math, ...tables(text)]);
}

/** Tells whether an offset lies strictly inside one of the ranges, which are in order and do not overlap. */
export function contains(ranges: readonly Range[]): (offset: number) => boolean {
  return (offset) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const range = ranges[low];
    return range !== undefined && range.start < offset;
  };
}

type Inside = (offset: number) => boolean;

/** CommonMark fences: a line that begins with three or more ` or ~, up to a line of at least as many of the same. */
function fencedCode(text: string): Range[] {
  if (!text.includes('```') && !text.includes('~~~')) return [];
  const ranges: Range[] = [];
  let open: { char: string; length: number; start: number } | undefined;
  for (const match of text.matchAll(/^[ \t]*(`{3,}|~{3,})([^\n]*)/gm)) {
    const [line, fence = '', info = ''] = match;
    const char = fence[0] ?? '';
    if (!open) open = { char, length: fence.length, start: match.index };
    else if (char === open.char && fence.length >= open.length && info.trim() === '') {
      ranges.push({ start: open.start, end: match.index + line.length });
      open = undefined;
    }
  }
  return ranges;
}

/** `$$ ... $$`. */
function dollars(text: string, inFence: Inside): Range[] {
  const ranges: Range[] = [];
  let start: number | undefined;
  for (let at = text.indexOf('$$'); at >= 0; at = text.indexOf('$$', at + 2)) {
    const end = at + 2;
    if (inFence(end)) continue;
    if (start === undefined) start = at;
    else {
      ranges.push({ start, end });
      start = undefined;
    }
  }
  return ranges;
}

function brackets(text: string, opening: string, closing: string, inside: Inside): Range[] {
  const ranges: Range[] = [];
  let start = text.indexOf(opening);
  while (start >= 0) {
    const end = text.indexOf(closing, start + 2);
    if (end < 0) break;
    // The closing bracket belongs to the last opening one before it.
    const last = text.lastIndexOf(opening, end - 1);
    if (!inside(last + 1)) ranges.push({ start: last, end: end + 2 });
    start = text.indexOf(opening, end + 2);
  }
  return ranges;
}

function environments(text: string, inFence: Inside): Range[] {
  if (!text.includes('\\end{')) return [];
  const ranges: Range[] = [];
  const open: { name: string; start: number }[] = [];
  const counts = new Map<string, number>();
  for (const match of text.matchAll(/\\(begin|end)\{([A-Za-z*]{1,40})\}/g)) {
    const [token, verb, name = ''] = match;
    if (inFence(match.index + 1)) continue;
    const count = counts.get(name) ?? 0;
    if (verb === 'begin') {
      open.push({ name, start: match.index });
      counts.set(name, count + 1);
      continue;
    }
    // Environments left open inside this one are closed with it.
    for (let found = false; count > 0 && !found; ) {
      const top = open.pop();
      if (!top) break;
      counts.set(top.name, (counts.get(top.name) ?? 1) - 1);
      found = top.name === name;
      if (found) ranges.push({ start: top.start, end: match.index + token.length });
    }
  }
  return ranges;
}

/** The rule under a table's head: `---|:--:`. */
function isTableRule(line: string): boolean {
  return line.includes('-') && /^[|:\- \t\r]+$/.test(line);
}

/** Two or more lines in a row that begin with a bar, or lines with bars around a `---|---` rule. */
function tables(text: string): Range[] {
  if (!text.includes('|')) return [];
  const ranges: Range[] = [];
  let start = -1;
  let lines = 0;
  let isTable = false;
  const close = (end: number): void => {
    if (start >= 0 && lines > 1 && isTable) ranges.push({ start, end });
    start = -1;
    lines = 0;
    isTable = false;
  };
  let at = 0;
  while (at <= text.length) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(at, end);
    if (line.includes('|')) {
      if (start < 0) start = at;
      lines++;
      isTable ||= line.trimStart().startsWith('|') || isTableRule(line);
    } else close(Math.max(0, at - 1));
    if (newline < 0) break;
    at = newline + 1;
  }
  close(text.length);
  return ranges;
}

function merge(ranges: Range[]): Range[] {
  ranges.sort((a, b) => a.start - b.start);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last && range.start < last.end) {
      if (range.end > last.end) merged[merged.length - 1] = { start: last.start, end: range.end };
    } else merged.push(range);
  }
  return merged;
}
