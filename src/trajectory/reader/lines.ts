import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { Pieces, type RawRecord, type Splitter, tooLarge } from './splitter';

const CARRIAGE_RETURN = 13;

/**
 * JSON lines: a record ends at `\n` or `\r\n` and nowhere else. U+2028 and the like are ordinary characters inside a
 * record. Blank lines are no records.
 */
export class LineSplitter implements Splitter {
  private readonly pieces = new Pieces();
  private start = 0;
  private line = 1;

  *push(chunk: string): Iterable<RawRecord | RecordProblem> {
    let from = 0;
    for (let at = chunk.indexOf('\n'); at >= 0; at = chunk.indexOf('\n', from)) {
      this.pieces.add(chunk.slice(from, at));
      from = at + 1;
      const item = this.take();
      if (item) yield item;
    }
    this.pieces.add(chunk.slice(from));
  }

  *end(): Iterable<RawRecord | RecordProblem> {
    const item = this.take();
    if (item) yield item;
  }

  /** Ends the line; the state is complete again before the record is handed out. */
  private take(): RawRecord | RecordProblem | undefined {
    const { pieces } = this;
    const start = this.start;
    const line = this.line;
    const oversized = pieces.tooLarge;
    let text = pieces.text;
    this.start += pieces.length + 1;
    this.line++;
    pieces.clear();
    if (oversized) return tooLarge(line);
    if (text.charCodeAt(text.length - 1) === CARRIAGE_RETURN) text = text.slice(0, -1);
    return isBlank(text) ? undefined : { source: new PlainText(text, start), line };
  }
}

function isBlank(text: string): boolean {
  // Most lines begin with a brace: no need to look through them.
  return text.charCodeAt(0) !== 123 && text.trim() === '';
}
