import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { decodeStream } from '../reader/decode';
import { type ReadItem, recordReader } from '../reader/record-reader';
import { type Layout, recordsOf } from '../reader/records';
import { isProblem } from '../reader/splitter';
import type { Splitting } from '../splitting';
import type { RecordIndex } from './record-index';

/** What one record of a page gave: its traces, or why there are none. */
export interface PageRecord {
  /** Place among the file's records, from 0. */
  readonly ordinal: number;
  readonly items: readonly ReadItem[];
}

export interface PageOptions {
  readonly splitting?: Splitting;
  /** What the format has learnt from the records before (see `ReadContext`). */
  readonly memory?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

/**
 * Reads `count` records from the record `from` on. Lines are those of the file; spans count from where the page was read
 * from, and ids are told apart within the page only.
 * @throws {DOMException} `AbortError` @throws the file system's own errors
 */
export async function readPage(
  index: RecordIndex,
  from: number,
  count: number,
  options: PageOptions = {},
): Promise<PageRecord[]> {
  const page: PageRecord[] = [];
  if (count <= 0) return page;
  for await (const record of readRecordsFrom(index, from, options)) {
    page.push(record);
    if (page.length >= count) break;
  }
  return page;
}

/** The records from `from` on, one after the other, as far as the index reaches. */
export async function* readRecordsFrom(
  index: RecordIndex,
  from: number,
  { splitting = 'given', memory, signal }: PageOptions = {},
): AsyncGenerator<PageRecord> {
  const place = index.before(from);
  if (!place) return;
  const stream = createReadStream(index.path, { start: Math.max(0, place.byte), highWaterMark: 256 * 1024 });
  const records = recordsOf(decodeStream(stream), startedAt(index.layout, place.byte));
  const read = recordReader(index.format, basename(index.path), splitting, new Map(memory));
  let { ordinal } = place;
  for await (const record of records) {
    signal?.throwIfAborted();
    if ('opening' in record && record.opening) continue;
    // Behind the last record of an object's array stands the rest of the object.
    if (ordinal >= index.records) return;
    if (ordinal >= from) {
      const line = place.byte < 0 ? record.line : record.line + place.line - 1;
      yield {
        ordinal,
        items: [...read(isProblem(record) ? { ...record, line } : { ...record, line }, ordinal + 1)],
      };
    }
    ordinal++;
  }
}

/** From the middle of a file on, the elements of an object's array are those of an array. */
function startedAt({ elements, ...layout }: Layout, byte: number): Layout {
  if (byte <= 0) return elements === undefined ? layout : { ...layout, elements };
  return elements === undefined ? layout : { ...layout, shape: 'array' };
}
