import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { Cursor, type Place } from './cursor';
import { MAX_RECORD, Pieces, type RawRecord, type Splitter, tooLarge } from './splitter';
import { ValueScanner } from './value-scanner';

const NO_SPACE = /[^\s\uFEFF]/g;

/**
 * JSON values that do not keep to lines: the elements of one array (`elements`), or values one after another (`values`,
 * of which a single object is the common case). Nothing is held but the value that is being read.
 *
 * A broken value costs itself, not the rest: the splitter goes back to where the value began and looks for the next
 * place that begins as the first value did (`{"id":`).
 */
export class ValueSplitter implements Splitter {
  private phase: 'open' | 'between' | 'value' | 'lost';
  private scanner = new ValueScanner();
  private readonly cursor: Cursor;
  /** What earlier chunks hold of the value being read, and where that value begins. */
  private readonly pieces = new Pieces();
  private begin: Place;
  private signature: string | undefined;
  private rescanned = 0;
  /** The array's closing bracket was seen. */
  private closed = false;
  /** While lost: the end of the last chunk, in which the next value's beginning may have begun. */
  private held = '';

  /**
   * @param within where in the file the text begins, if not at its start; `only`: what stands behind the array's closing
   * bracket belongs to something else
   */
  constructor(
    private readonly layout: 'elements' | 'values',
    private readonly within = { offset: 0, line: 1, only: false },
  ) {
    this.phase = layout === 'elements' ? 'open' : 'between';
    this.cursor = new Cursor(within.offset, within.line);
    this.begin = this.cursor.place;
  }

  *push(chunk: string): Iterable<RawRecord | RecordProblem> {
    this.cursor.load(this.held + chunk);
    this.held = '';
    yield* this.walk();
  }

  *end(): Iterable<RawRecord | RecordProblem> {
    if (this.held !== '') yield* this.push('');
    while (this.phase === 'value') {
      // A number at the end of the file ends there.
      if (this.scanner.scan(' ', 0).state === 'ended') {
        yield this.record('');
        break;
      }
      if (this.pieces.tooLarge) yield tooLarge(this.begin.line);
      else yield { line: this.begin.line, reason: 'the record is no JSON: the file ends inside it' };
      this.cursor.load('');
      this.retreat('');
      yield* this.walk();
    }
    if (this.layout === 'elements' && this.phase === 'between' && !this.closed) {
      yield { line: this.cursor.place.line, reason: 'the array is not closed: the file seems to be cut off' };
    }
  }

  private *walk(): Iterable<RawRecord | RecordProblem> {
    const { cursor } = this;
    while (!cursor.done) {
      if (this.phase === 'lost') this.find();
      else if (this.phase !== 'value') this.advance();
      else {
        const from = this.pieces.length > 0 ? 0 : this.begin.index;
        const stop = this.scanner.scan(cursor.text, cursor.index);
        cursor.moveTo(stop.at);
        const part = cursor.text.slice(from, stop.at);
        if (stop.state === 'broken') {
          const where = cursor.place.line;
          yield { line: this.begin.line, reason: `the record is no JSON: ${stop.reason} (line ${where})` };
          this.retreat(part);
        } else if (stop.state === 'ended') yield this.record(part);
        else this.pieces.add(part);
      }
    }
  }

  /** Outside of values: skips white space, commas and the array's own brackets, up to the next value. */
  private advance(): void {
    const { cursor } = this;
    if (this.closed && this.within.only) {
      cursor.moveTo(cursor.text.length);
      return;
    }
    NO_SPACE.lastIndex = cursor.index;
    const next = NO_SPACE.exec(cursor.text)?.index ?? cursor.text.length;
    cursor.moveTo(next);
    if (cursor.done) return;
    const char = cursor.text[next];
    if (this.phase === 'open' && char === '[') this.phase = 'between';
    else if (char === ']' && this.layout === 'elements' && !this.closed) this.closed = true;
    else if (char !== ',') {
      this.phase = 'value';
      this.begin = cursor.place;
      this.scanner = new ValueScanner();
      return;
    }
    cursor.moveTo(next + 1);
  }

  /** The value has ended with `part`, its stretch in this chunk. */
  private record(part: string): RawRecord | RecordProblem {
    const { line, offset } = this.begin;
    this.pieces.add(part);
    const oversized = this.pieces.tooLarge;
    const text = this.pieces.text;
    this.pieces.clear();
    this.phase = 'between';
    if (oversized) return tooLarge(line);
    this.signature ??= signatureOf(text);
    return { source: new PlainText(text, offset), line };
  }

  /** The value is broken: back to the character behind its beginning, to look for the beginning of the next one. */
  private retreat(part: string): void {
    const { cursor, pieces } = this;
    const before = pieces.text;
    const inChunk = pieces.length === 0;
    const length = pieces.length + part.length;
    const gone = pieces.tooLarge;
    pieces.clear();
    this.phase = 'lost';
    this.rescanned += length;
    // Going back is bounded: a file that is nothing but broken values must not cost the square of its size.
    if (gone || this.rescanned > 4 * MAX_RECORD + 4 * cursor.place.offset) return;
    this.signature ??= signatureOf(inChunk ? part : before);
    if (inChunk) cursor.reset(this.begin);
    else cursor.rewind(before, this.begin);
    cursor.moveTo(cursor.index + 1);
  }

  /** Looks for the next beginning of a value. */
  private find(): void {
    const { cursor, signature } = this;
    const { text, index } = cursor;
    const at = signature === undefined ? search(text, index) : text.indexOf(signature, index);
    if (at >= 0) {
      cursor.moveTo(at);
      this.phase = 'between';
      return;
    }
    const keep = Math.min(text.length - index, (signature?.length ?? 64) - 1);
    cursor.moveTo(text.length - keep);
    this.held = text.slice(cursor.index);
    cursor.load('');
  }
}

const OBJECT = /\{\s*"/g;

function search(text: string, from: number): number {
  OBJECT.lastIndex = from;
  return OBJECT.exec(text)?.index ?? -1;
}

/** How an object begins, up to the colon behind its first property name. */
function signatureOf(text: string): string | undefined {
  return /^\{\s{0,64}"[^"\\\n]{1,100}"\s{0,8}:/.exec(text.slice(0, 200))?.[0];
}
