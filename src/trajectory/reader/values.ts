import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { Cursor, type Place } from './cursor';
import {
  firstKey,
  LONGEST_SIGNATURE,
  lineStartOf,
  MAX_SIGNATURES,
  OBJECT,
  Search,
  signatureOf,
} from './signatures';
import { MAX_RECORD, Pieces, type RawRecord, type Splitter, tooLarge } from './splitter';
import { ValueScanner } from './value-scanner';

const NO_SPACE = /[^\s\uFEFF]/g;

/** Where the text begins in the file, if not at its start, and what is known of its values. */
export interface ValuesOptions {
  readonly offset?: number;
  readonly line?: number;
  /** What stands behind the array's closing bracket belongs to something else. */
  readonly only?: boolean;
  /** What stands in front of values that each begin a line: the line break, the indentation and the brace. */
  readonly lineStart?: string;
  /** How values begin, as far as some were looked at before. */
  readonly signatures?: Iterable<string>;
}

/**
 * JSON values that do not keep to lines: the elements of one array (`elements`), or values one after another (`values`,
 * of which a single object is the common case). Nothing is held but the value that is being read.
 *
 * A broken value costs itself, not the rest: the splitter goes back to where the value began and looks for the next
 * place that begins as good values do (`{"id":`).
 */
export class ValueSplitter implements Splitter {
  private phase: 'open' | 'between' | 'value' | 'lost';
  private scanner = new ValueScanner();
  private readonly cursor: Cursor;
  /** What earlier chunks hold of the value being read, and where that value begins. */
  private readonly pieces = new Pieces();
  private begin: Place;
  /** How good values begin; where none was seen yet, how the broken one began. */
  private readonly signatures: Set<string>;
  private tentative: string | undefined;
  /** How the line looks on which a value begins, where each begins a line: its indentation tells values from their parts. */
  private lineStart: string | undefined;
  /** A value was broken, and no other that begins as values do has been read since. */
  private recovering = false;
  private readonly search = new Search();
  private rescanned = 0;
  /** The value given last: what earlier chunks held of it, and its stretch in this one. */
  private given: { readonly before: string; readonly part: string } | undefined;
  /** The array's closing bracket was seen. */
  private closed = false;
  /** While lost: the end of the last chunk, in which the next value's beginning may have begun. */
  private held = '';
  private readonly only: boolean;

  constructor(
    private readonly layout: 'elements' | 'values',
    { offset = 0, line = 1, only = false, signatures = [], lineStart }: ValuesOptions = {},
  ) {
    this.phase = layout === 'elements' ? 'open' : 'between';
    this.cursor = new Cursor(offset, line);
    this.begin = this.cursor.place;
    this.only = only;
    this.signatures = new Set(signatures);
    this.lineStart = lineStart;
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
      const ended = this.scanner.scan(' ', 0).state === 'ended';
      this.cursor.load('');
      if (ended) {
        yield this.record('');
        yield* this.walk();
        continue;
      }
      if (this.pieces.tooLarge) yield tooLarge(this.begin.line);
      else yield { line: this.begin.line, reason: 'the record is no JSON: the file ends inside it' };
      this.retreat('');
      yield* this.walk();
    }
    if (this.layout === 'elements' && this.phase === 'between' && !this.closed && !this.recovering) {
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
    NO_SPACE.lastIndex = cursor.index;
    const next = NO_SPACE.exec(cursor.text)?.index ?? cursor.text.length;
    cursor.moveTo(next);
    if (cursor.done) return;
    const char = cursor.text[next];
    if (this.phase === 'open' && char === '[') this.phase = 'between';
    // Behind a broken value the bracket may be one of its own.
    else if (char === ']' && this.layout === 'elements' && !this.closed) {
      this.closed = !this.recovering;
      // What follows is not ours, unless a bracket too much has closed the array: then values go on that begin as others do.
      if (this.closed && this.only) this.phase = 'lost';
    } else if (char !== ',') {
      this.phase = 'value';
      this.begin = cursor.place;
      this.given = undefined;
      if (!this.recovering && char === '{') this.lineStart ??= lineStartOf(cursor.text, next);
      this.scanner = new ValueScanner();
      return;
    }
    cursor.moveTo(next + 1);
  }

  /** The value has ended with `part`, its stretch in this chunk. */
  private record(part: string): RawRecord | RecordProblem {
    const { line, offset } = this.begin;
    const before = this.pieces.text;
    this.pieces.add(part);
    const oversized = this.pieces.tooLarge;
    const text = this.pieces.text;
    this.pieces.clear();
    this.phase = 'between';
    if (oversized) return tooLarge(line);
    this.given = { before, part };
    this.learn(text);
    return { source: new PlainText(text, offset), line };
  }

  reject(): void {
    const given = this.given;
    this.given = undefined;
    if (!given || this.phase !== 'between') return;
    this.pieces.add(given.before);
    this.retreat(given.part);
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
    this.recovering = true;
    this.rescanned += length;
    // Going back is bounded: a file that is nothing but broken values must not cost the square of its size.
    if (gone || this.rescanned > 4 * MAX_RECORD + 4 * cursor.place.offset) return;
    this.tentative ??= signatureOf(inChunk ? part : before);
    if (inChunk) cursor.reset(this.begin);
    else cursor.rewind(before, this.begin);
    cursor.moveTo(cursor.index + 1);
  }

  /** How a good value begins is how others may. One among the remains of a broken value says nothing. */
  private learn(text: string): void {
    const signature = signatureOf(text);
    if (signature === undefined) return;
    const { signatures } = this;
    const sure = !this.recovering || (signatures.size === 0 && signature === this.tentative);
    if (sure && signatures.size < MAX_SIGNATURES) signatures.add(signature);
    if (signatures.has(signature)) this.recovering = false;
  }

  /** Looks for the next beginning of a value. */
  private find(): void {
    const { cursor } = this;
    const { text, index } = cursor;
    const at = this.nextBeginning(text, index);
    if (at !== undefined) {
      cursor.moveTo(at);
      this.phase = 'between';
      return;
    }
    const keep = Math.min(text.length - index, LONGEST_SIGNATURE - 1);
    cursor.moveTo(text.length - keep);
    this.held = text.slice(cursor.index);
    cursor.load('');
  }

  private beginsLikeOthers(text: string, at: number): boolean {
    const key = firstKey(text.slice(at, at + LONGEST_SIGNATURE));
    for (const signature of this.signatures) if (firstKey(signature) === key) return true;
    return false;
  }

  private nextBeginning(text: string, from: number): number | undefined {
    const search = this.search;
    const lineStart = this.lineStart ?? '';
    const tentative = this.tentative ?? '';
    const known = search.first(this.signatures, text, from) ?? Number.POSITIVE_INFINITY;
    const behind = this.closed && this.only;
    let line = lineStart === '' ? undefined : search.first([lineStart], text, from);
    // Behind the array only what begins with the property that values begin with can be one.
    while (behind && line !== undefined && !this.beginsLikeOthers(text, line + lineStart.length - 1)) {
      line = search.first([lineStart], text, line + 1);
    }
    const first = line === undefined ? known : Math.min(known, line + lineStart.length - 1);
    if (first !== Number.POSITIVE_INFINITY) return first;
    if (behind || this.signatures.size > 0 || lineStart !== '') return undefined;
    const like = tentative === '' ? -1 : text.indexOf(tentative, from);
    if (like >= 0) return like;
    OBJECT.lastIndex = from;
    const object = OBJECT.exec(text);
    return object ? object.index + object[0].indexOf('{') : undefined;
  }
}
