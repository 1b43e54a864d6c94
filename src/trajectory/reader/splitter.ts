import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';

/** Characters (UTF-16 code units) that one record may have: 16 MB. A larger one is refused and never held as a whole. */
export const MAX_RECORD = 16 * 1024 * 1024;

/** A stretch of the file that should be one record. */
export interface RawRecord {
  readonly source: PlainText;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** It is only the beginning of an object whose records follow one by one. */
  readonly opening?: boolean;
}

/** Finds the records in a text that comes in chunks, cut anywhere. */
export interface Splitter {
  /** Takes the next chunk; gives the records that end in it. */
  push(chunk: string): Iterable<RawRecord | RecordProblem>;
  /**
   * The record given last is no JSON, although its brackets match: others may be hidden in it. To be called before the
   * next one is asked for.
   */
  reject?(): void;
  /** The file has ended; gives what was left. */
  end(): Iterable<RawRecord | RecordProblem>;
}

export function isProblem(item: object): item is RecordProblem {
  return 'reason' in item;
}

export function tooLarge(line: number): RecordProblem {
  return { line, reason: `the record is larger than ${MAX_RECORD / 1024 / 1024} MB; it was skipped` };
}

/** Collects the pieces of one record up to the size limit; beyond it only counts. */
export class Pieces {
  private pieces: string[] = [];
  length = 0;

  add(piece: string): void {
    this.length += piece.length;
    if (this.length > MAX_RECORD) this.pieces = [];
    else if (piece !== '') this.pieces.push(piece);
  }
  get tooLarge(): boolean {
    return this.length > MAX_RECORD;
  }
  get text(): string {
    return this.pieces.length === 1 ? (this.pieces[0] ?? '') : this.pieces.join('');
  }
  clear(): void {
    this.pieces = [];
    this.length = 0;
  }
}

/** A file that is one record: text. */
export class WholeSplitter implements Splitter {
  private readonly pieces = new Pieces();

  push(chunk: string): Iterable<RawRecord> {
    this.pieces.add(chunk);
    return [];
  }
  *end(): Iterable<RawRecord | RecordProblem> {
    if (this.pieces.tooLarge) yield tooLarge(1);
    else if (this.pieces.text.trim() !== '') yield { source: new PlainText(this.pieces.text, 0), line: 1 };
  }
}
