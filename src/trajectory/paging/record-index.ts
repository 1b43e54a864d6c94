import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TraceFormat } from '../formats/format';
import { FORMATS } from '../formats/registry';
import { openFile } from '../reader/open';
import { detectFormat } from '../reader/read';
import { type Layout, splitterFor } from '../reader/records';
import { isProblem } from '../reader/splitter';

const CHUNK = 1024 * 1024;
/** Places that are kept at most; where there are more records, every second, fourth, … of them is. */
const MAX_PLACES = 32_768;
/** The bytes of a UTF-8 byte order mark. */
const MARK = [0xef, 0xbb, 0xbf] as const;

/** The file cannot be paged: it is an archive, a text, UTF-16, or of no known format. */
export class NotPagedError extends Error {
  override readonly name = 'NotPagedError';
}

/** Where a record begins: its place among the records from 0, the byte in the file, its line from 1. */
export interface RecordPlace {
  readonly ordinal: number;
  readonly byte: number;
  readonly line: number;
}

/**
 * Where the records of a large file begin, found in one pass over its bytes. Memory is bounded: of n records at most 32,768
 * places are kept, at even distances, and a page is read from the nearest place before it.
 */
export class RecordIndex {
  /** Records that were found so far. */
  records = 0;
  /** Bytes that were looked through. */
  bytes = 0;
  private stride = 1;
  private places: RecordPlace[] = [];

  private constructor(
    readonly path: string,
    readonly format: TraceFormat,
    readonly layout: Layout,
    /** Bytes of the file when it was opened. */
    readonly size: number,
  ) {}

  /**
   * Tells the layout of a file; `build` finds the records.
   * @param chosen its format; without it the format is told, too
   * @throws {NotPagedError} @throws the file system's own errors
   */
  static async open(path: string, chosen?: TraceFormat): Promise<RecordIndex> {
    const { size } = await stat(path);
    const format = chosen ?? (await formatOf(path));
    const file = await openFile({ path });
    await file.close();
    if (!format) throw new NotPagedError(`${basename(path)}: no known trace format`);
    if (file.sample.shape === 'archive' || file.sample.shape === 'text' || format.reads === 'text') {
      throw new NotPagedError(`${basename(path)}: only JSON is read in pages`);
    }
    return new RecordIndex(path, format, file.layout(format), size);
  }

  /**
   * Finds all records. JSON is built of ASCII characters, so the bytes are split as they are: places count in bytes.
   * @throws {DOMException} `AbortError`
   */
  async build(signal?: AbortSignal, onProgress?: () => void): Promise<void> {
    const splitter = splitterFor(this.layout);
    let first = true;
    let skipped = 0;
    const take = (items: ReturnType<typeof splitter.push>) => {
      for (const item of items) {
        if (isProblem(item)) this.add({ ordinal: this.records, byte: -1, line: item.line });
        else if (!item.opening) {
          this.add({ ordinal: this.records, byte: item.source.base + skipped, line: item.line });
        }
      }
    };
    for await (const chunk of createReadStream(this.path, { highWaterMark: CHUNK })) {
      signal?.throwIfAborted();
      let bytes: Buffer = chunk;
      if (first) {
        first = false;
        if (isUtf16(bytes)) throw new NotPagedError(`${basename(this.path)}: UTF-16 is not read in pages`);
        if (MARK.every((byte, i) => bytes[i] === byte)) {
          skipped = MARK.length;
          bytes = bytes.subarray(skipped);
        }
      }
      take(splitter.push(bytes.toString('latin1')));
      this.bytes += chunk.length;
      onProgress?.();
    }
    take(splitter.end());
  }

  /** The nearest place at or before a record that pages can be read from. */
  before(ordinal: number): RecordPlace | undefined {
    return this.places[Math.min(Math.floor(ordinal / this.stride), this.places.length - 1)];
  }

  private add(place: RecordPlace): void {
    this.records++;
    if (place.ordinal % this.stride !== 0) return;
    // What is no record is read from the place before it.
    const last = this.places.at(-1);
    this.places.push(place.byte >= 0 || !last ? place : last);
    if (this.places.length <= MAX_PLACES) return;
    this.stride *= 2;
    this.places = this.places.filter((_, i) => i % 2 === 0);
  }
}

async function formatOf(path: string): Promise<TraceFormat | undefined> {
  const [best] = await detectFormat({ path });
  return FORMATS.find(({ id }) => id === best?.id);
}

function isUtf16([a, b]: Uint8Array): boolean {
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || a === 0 || b === 0;
}
