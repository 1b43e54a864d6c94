import type { FileShape } from '../formats/format';
import { type JsonNode, tryParseJson } from '../json';
import { ValueScanner } from './value-scanner';

/** Enough of a file's beginning to tell its shape: this many characters and a line end, or `HEAD_LIMIT` without one. */
export const HEAD = 64 * 1024;
export const HEAD_LIMIT = 1024 * 1024;

/**
 * How a text file is laid out, told from its beginning and not from its name: JSON lines are often named `.json`. Only
 * where the beginning is no JSON does the name decide whether the file is broken JSON or text.
 */
export function shapeOf(head: string, name: string): Exclude<FileShape, 'archive'> {
  const text = head.replace(/^\uFEFF/, '').trimStart();
  if (text === '') return 'text';
  const lines = text.split('\n', 50).filter((line) => line.trim() !== '');
  const [first = '', second] = lines;
  const whole = structure(first);
  if (text.startsWith('{') || text.startsWith('[')) {
    if (whole?.kind === 'object') return isPartOfText(lines, name) ? 'text' : 'lines';
    const next = second?.trimStart()[0];
    if (whole?.kind === 'array') return next === '{' || next === '[' ? 'lines' : 'array';
    if (second !== undefined && text.startsWith('{') && structure(second)?.kind === 'object') return 'lines';
    if (beginsJson(text)) {
      if (text.startsWith('[')) return 'array';
      // One line, however broken, is no list of lines.
      if (text.length === first.length) return 'values';
      return new ValueScanner().scan(`${first}\n`, 0).state === 'broken' ? 'lines' : 'values';
    }
  }
  // An array whose first element is broken from its first character on.
  if (text.startsWith('[') && /\.json$/i.test(name) && /\{\s*"/.test(text)) return 'array';
  const json = lines.filter((line) => structure(line) !== undefined).length;
  if (json * 2 >= lines.length && json > 0) return 'lines';
  return /\.(jsonl?|ndjson)$/i.test(name) ? 'lines' : 'text';
}

function structure(line: string): JsonNode | undefined {
  if (!/^\s*[[{]/.test(line)) return undefined;
  const node = tryParseJson(line.trim());
  return node?.kind === 'object' || node?.kind === 'array' ? node : undefined;
}

/** A Markdown or text file may begin with a line of JSON (an example, a tool call) without being JSON. */
function isPartOfText(lines: readonly string[], name: string): boolean {
  if (!/\.(md|markdown|txt)$/i.test(name)) return false;
  return lines.filter((line) => structure(line) !== undefined).length * 2 < lines.length;
}

/** Whether what follows the first bracket can be JSON; `[1] First, ...` and `{Note: ...}` are text. */
function beginsJson(text: string): boolean {
  const next = text.slice(1).trimStart()[0] ?? '';
  if (text.startsWith('{')) return next === '"' || next === '}' || next === '';
  if (next === '' || next === '{' || next === '[' || next === ']') return true;
  const stop = new ValueScanner().scan(text, 0);
  return stop.state !== 'broken' && /["\d\-tfn]/.test(next);
}
