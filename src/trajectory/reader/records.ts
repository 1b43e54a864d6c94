import type { FileShape } from '../formats/format';
import { JsonError, type JsonNode, parseJson } from '../json';
import type { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { LineSplitter } from './lines';
import { MemberSplitter } from './members';
import { isProblem, type RawRecord, type Splitter, WholeSplitter } from './splitter';
import { ValueSplitter } from './values';

/** A record that was read: its text, and its value unless the file is text. */
export interface FileRecord {
  readonly source: PlainText;
  readonly line: number;
  readonly node?: JsonNode;
  readonly member?: string;
  /** It is only the beginning of an object whose records follow one by one. */
  readonly opening?: boolean;
}

/** How the records of a text are laid out. */
export interface Layout {
  readonly shape: Exclude<FileShape, 'archive'>;
  /** The file's array is one record. */
  readonly whole?: boolean;
  /** The records are the elements of this array in the file's one object. */
  readonly elements?: string;
  /** How values begin, as far as some were looked at before. */
  readonly signatures?: Iterable<string>;
  /** See `ValuesOptions`. */
  readonly lineStart?: string;
}

/** The splitter for a text of this layout. */
export function splitterFor({ shape, whole = false, elements, ...known }: Layout): Splitter {
  switch (shape) {
    case 'lines':
      return new LineSplitter();
    case 'array':
      return new ValueSplitter(whole ? 'values' : 'elements', known);
    case 'values':
      return elements === undefined
        ? new ValueSplitter('values', known)
        : new MemberSplitter(elements, known);
    case 'text':
      return new WholeSplitter();
  }
}

/** The records of a text that comes in chunks. Each bad one is a problem; the good ones around it are delivered. */
export async function* recordsOf(
  chunks: AsyncIterable<string>,
  layout: Layout,
): AsyncGenerator<FileRecord | RecordProblem> {
  const splitter = splitterFor(layout);
  const read = (item: RawRecord | RecordProblem): FileRecord | RecordProblem => {
    if (isProblem(item) || layout.shape === 'text') return item;
    const record = parseRecord(item);
    if (isProblem(record)) splitter.reject?.();
    return record;
  };
  for await (const chunk of chunks) for (const item of splitter.push(chunk)) yield read(item);
  for (const item of splitter.end()) yield read(item);
}

/** Parses one record; a problem with the line of the error where it is no JSON. */
export function parseRecord(raw: RawRecord): FileRecord | RecordProblem {
  try {
    return { ...raw, node: parseJson(raw.source) };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const before = raw.source.text.slice(0, error.offset).split('\n');
    const line = raw.line + before.length - 1;
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { line, reason: `the record is no JSON: ${error.message} (column ${column})` };
  }
}
