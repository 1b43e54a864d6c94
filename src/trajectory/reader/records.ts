import type { FileShape } from '../formats/format';
import { JsonError, type JsonNode, parseJson } from '../json';
import type { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { LineSplitter } from './lines';
import { isProblem, type RawRecord, type Splitter, WholeSplitter } from './splitter';
import { ValueSplitter } from './values';

/** A record that was read: its text, and its value unless the file is text. */
export interface FileRecord {
  readonly source: PlainText;
  readonly line: number;
  readonly node?: JsonNode;
  readonly member?: string;
}

/** The splitter for a text of this shape. `whole`: an array is one record. */
export function splitterFor(shape: Exclude<FileShape, 'archive'>, whole: boolean): Splitter {
  switch (shape) {
    case 'lines':
      return new LineSplitter();
    case 'array':
      return new ValueSplitter(whole ? 'values' : 'elements');
    case 'values':
      return new ValueSplitter('values');
    case 'text':
      return new WholeSplitter();
  }
}

/** The records of a text that comes in chunks. Each bad one is a problem; the good ones around it are delivered. */
export async function* recordsOf(
  chunks: AsyncIterable<string>,
  shape: Exclude<FileShape, 'archive'>,
  whole: boolean,
): AsyncGenerator<FileRecord | RecordProblem> {
  const splitter = splitterFor(shape, whole);
  const parse = shape === 'text' ? (raw: RawRecord) => raw : parseRecord;
  for await (const chunk of chunks) {
    for (const item of splitter.push(chunk)) yield isProblem(item) ? item : parse(item);
  }
  for (const item of splitter.end()) yield isProblem(item) ? item : parse(item);
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
