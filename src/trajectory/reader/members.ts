import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { isProblem, Pieces, type RawRecord, type Splitter, tooLarge } from './splitter';
import { ValueSplitter, type ValuesOptions } from './values';

/**
 * One JSON object whose property `name` is an array of the records: its elements are records of their own, so that the
 * object may be of any size. In front of the first of them comes the object's beginning, with that array empty
 * (`opening`); what stands behind the array is passed over. An object without such an array is one record.
 */
export class MemberSplitter implements Splitter {
  private readonly pieces = new Pieces();
  private readonly finder: ArrayFinder;
  private elements: ValueSplitter | undefined;
  /** The object's beginning, until the first element was found. */
  private opening: RawRecord | undefined;

  constructor(
    name: string,
    private readonly known: Pick<ValuesOptions, 'signatures' | 'lineStart'> = {},
  ) {
    this.finder = new ArrayFinder(name);
  }

  *push(chunk: string): Iterable<RawRecord | RecordProblem> {
    if (this.elements) {
      yield* this.withOpening(this.elements.push(chunk));
      return;
    }
    const at = this.finder.find(chunk);
    this.pieces.add(chunk.slice(0, at));
    if (at === undefined) return;
    const start = this.pieces.length;
    const { line } = this.finder;
    if (this.pieces.tooLarge) yield tooLarge(1);
    else this.opening = { source: new PlainText(`${this.pieces.text}[]}`, 0), line: 1, opening: true };
    this.pieces.clear();
    this.elements = new ValueSplitter('elements', {
      ...{ ...this.known, offset: start, line, only: true },
    });
    yield* this.withOpening(this.elements.push(chunk.slice(at)));
  }

  reject(): void {
    this.elements?.reject();
  }

  *end(): Iterable<RawRecord | RecordProblem> {
    if (this.elements) {
      yield* this.withOpening(this.elements.end());
      // An array without elements: the object says all there is.
      if (this.opening) yield { source: this.opening.source, line: 1 };
    } else if (this.pieces.tooLarge) yield tooLarge(1);
    else yield { source: new PlainText(this.pieces.text, 0), line: 1 };
  }

  private *withOpening(items: Iterable<RawRecord | RecordProblem>): Iterable<RawRecord | RecordProblem> {
    for (const item of items) {
      const { opening } = this;
      this.opening = undefined;
      if (opening && !isProblem(item)) yield opening;
      else if (opening) this.opening = opening;
      yield item;
    }
  }
}

const [QUOTE, BACKSLASH, COLON, NEWLINE] = [34, 92, 58, 10] as const;

/** Finds where the array under a name of the outermost object begins, in text that comes in chunks. */
class ArrayFinder {
  /** Line of the place that was found, or of the end of what was looked through. */
  line = 1;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last string of the outermost object, and whether a colon has followed it. */
  private word = '';
  private isName = false;

  constructor(private readonly name: string) {}

  /** Offset of the opening bracket in this chunk. */
  find(chunk: string): number | undefined {
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (code === NEWLINE) this.line++;
      if (this.inString) this.inside(code, chunk[at] ?? '');
      else if (code === 91 && this.depth === 1 && this.isName && this.word === this.name) return at;
      else this.outside(code);
    }
    return undefined;
  }

  private inside(code: number, char: string): void {
    if (this.escaped) this.escaped = false;
    else if (code === BACKSLASH) this.escaped = true;
    else if (code === QUOTE) {
      this.inString = false;
      return;
    }
    if (this.depth === 1 && this.word.length <= this.name.length) this.word += char;
  }

  private outside(code: number): void {
    if (code === 32 || code === NEWLINE || code === 13 || code === 9) return;
    if (code === QUOTE) {
      this.inString = true;
      if (this.depth === 1) this.word = '';
    } else if (code === 123 || code === 91) this.depth++;
    else if (code === 125 || code === 93) this.depth--;
    this.isName = code === COLON && this.depth === 1;
  }
}
