import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { MAX_RECORD, Pieces, type RawRecord, type Splitter, tooLarge } from './splitter';
import { ValueScanner } from './value-scanner';

const SPACE = /[^\s\uFEFF]/g;

/**
 * JSON values that do not keep to lines: the elements of one array (`elements`), or values one after another (`values`,
 * of which a single object is the common case). Nothing is held but the value that is being read.
 *
 * A broken value costs itself, not the rest: the splitter goes back to where the value began and looks for the next
 * place that begins as the first good value did (`{"id":`).
 */
export class ValueSplitter implements Splitter {
  private phase: 'open' | 'between' | 'value' | 'lost';
  private scanner = new ValueScanner();
  private readonly pieces = new Pieces();
  /** Place of the next character to be scanned, and of the first one of the value being read. */
  private at = { offset: 0, line: 1 };
  private begin = { offset: 0, line: 1 };
  private signature: string | undefined;
  private rescanned = 0;
  /** The array's closing bracket was seen. */
  private closed = false;
  /** While lost: the end of the last chunk, in which the next value's beginning may have begun. */
  private held = '';

  constructor(private readonly layout: 'elements' | 'values') {
    this.phase = layout === 'elements' ? 'open' : 'between';
  }

  *push(chunk: string): Iterable<RawRecord | RecordProblem> {
    let text = this.held + chunk;
    this.held = '';
    while (text !== '') {
      if (this.phase === 'value') {
        const stop = this.scanner.scan(text, 0);
        this.take(text, stop.at);
        text = text.slice(stop.at);
        if (stop.state === 'ended') yield this.record();
        else if (stop.state === 'broken') {
          yield {
            line: this.begin.line,
            reason: `the record is no JSON: ${stop.reason} (line ${this.at.line})`,
          };
          text = this.retreat() + text;
        }
      } else if (this.phase === 'lost') {
        text = this.find(text);
      } else {
        text = this.advance(text);
      }
    }
  }

  *end(): Iterable<RawRecord | RecordProblem> {
    while (this.phase === 'value') {
      const last = this.scanner.scan(' ', 0);
      if (last.state === 'ended') {
        yield this.record();
        break;
      }
      if (this.pieces.tooLarge) yield tooLarge(this.begin.line);
      else yield { line: this.begin.line, reason: 'the record is no JSON: the file ends inside it' };
      const again = this.retreat();
      this.held = '';
      yield* this.push(again);
    }
    if (this.layout === 'elements' && this.phase === 'between' && !this.closed) {
      yield { line: this.at.line, reason: 'the array is not closed: the file seems to be cut off' };
    }
  }

  /** Outside of values: skips white space, commas and the array's own brackets. Returns what is left of the text. */
  private advance(text: string): string {
    SPACE.lastIndex = 0;
    const next = SPACE.exec(text)?.index ?? text.length;
    this.move(text, next);
    if (next === text.length) return '';
    const char = text[next];
    if (this.phase === 'open' && char === '[') this.phase = 'between';
    else if (this.phase === 'between' && char === ',') this.phase = 'between';
    else if (this.phase === 'between' && char === ']' && this.layout === 'elements') this.closed = true;
    else {
      this.phase = 'value';
      this.begin = { ...this.at };
      this.scanner = new ValueScanner();
      return text.slice(next);
    }
    this.at.offset++;
    return text.slice(next + 1);
  }

  /** Adds text[0, end) to the value being read. */
  private take(text: string, end: number): void {
    this.pieces.add(text.slice(0, end));
    this.move(text, end);
  }

  /** Counts text[0, end) as passed. */
  private move(text: string, end: number): void {
    const passed = text.slice(0, end);
    for (let at = passed.indexOf('\n'); at >= 0; at = passed.indexOf('\n', at + 1)) this.at.line++;
    this.at.offset += end;
  }

  private record(): RawRecord | RecordProblem {
    const { line, offset } = this.begin;
    const oversized = this.pieces.tooLarge;
    const text = this.pieces.text;
    this.pieces.clear();
    this.phase = 'between';
    if (oversized) return tooLarge(line);
    this.signature ??= signatureOf(text);
    return { source: new PlainText(text, offset), line };
  }

  /** The value being read is broken: what of it has to be looked through again for the beginning of the next one. */
  private retreat(): string {
    const text = this.pieces.text;
    this.pieces.clear();
    this.signature ??= signatureOf(text);
    this.phase = 'lost';
    this.rescanned += text.length;
    // Going back is bounded: a file that is nothing but broken values must not cost the square of its size.
    if (text === '' || this.rescanned > 4 * MAX_RECORD + 4 * this.at.offset) return '';
    // A value does not begin with a line break: one character further is the same line.
    this.at = { line: this.begin.line, offset: this.begin.offset + 1 };
    return text.slice(1);
  }

  /** Looks for the next beginning of a value; drops what stands before it. */
  private find(text: string): string {
    const { signature } = this;
    const at = signature === undefined ? text.search(/\{\s*"/) : text.indexOf(signature);
    if (at >= 0) {
      this.move(text, at);
      this.phase = 'between';
      return text.slice(at);
    }
    const keep = Math.min(text.length, (signature?.length ?? 64) - 1);
    this.move(text, text.length - keep);
    this.held = text.slice(text.length - keep);
    return '';
  }
}

/** How an object begins, up to the colon behind its first property name. */
function signatureOf(text: string): string | undefined {
  return /^\{\s{0,64}"[^"\\\n]{1,100}"\s{0,8}:/.exec(text)?.[0];
}
