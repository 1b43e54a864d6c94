import { MAX_DEPTH } from '../json';

const OBJECT = 123;

/** What a character may be outside of strings. */
const Kind = { bad: 0, space: 1, word: 2, quote: 3, open: 4, close: 5, comma: 6, colon: 7 } as const;

const KINDS = new Uint8Array(128);
for (const char of ' \t\r\n') KINDS[char.charCodeAt(0)] = Kind.space;
// Numbers, true, false, null, and Python's NaN and Infinity.
for (const char of '-+.0123456789eEtrufalsnINityaN') KINDS[char.charCodeAt(0)] = Kind.word;
KINDS[34] = Kind.quote;
KINDS[91] = KINDS[123] = Kind.open;
KINDS[93] = KINDS[125] = Kind.close;
KINDS[44] = Kind.comma;
KINDS[58] = Kind.colon;

/** Where a scan stopped: the value ended before `at`, it cannot be JSON (`broken` says why), or the chunk ran out. */
export type Stop =
  | { readonly at: number; readonly state: 'ended' | 'more' }
  | { readonly at: number; readonly state: 'broken'; readonly reason: string };

/**
 * Finds the end of one JSON value in text that comes in chunks. It checks just enough grammar (brackets match, a string
 * stays on its line, a property begins with a quote) to notice soon that a value is broken, so that the damage of a lost
 * quote or bracket does not spread over the records behind it.
 */
export class ValueScanner {
  private readonly open: number[] = [];
  private inString = false;
  private escaped = false;
  private inWord = false;
  /** Inside an object, a property name must come next (`close`: or the end of the object). */
  private wants: 'any' | 'name' | 'name or close' = 'any';

  /** Scans `text` from `at` on. After `ended` or `broken` this scanner is used up. */
  scan(text: string, at: number): Stop {
    let i = at;
    while (i < text.length) {
      if (this.inString) {
        i = this.string(text, i);
        if (i >= text.length) break;
        const code = text.charCodeAt(i++);
        if (code === 92) this.escaped = true;
        else if (code === 34) {
          this.inString = false;
          if (this.open.length === 0) return { at: i, state: 'ended' };
        } else if (code === 10) return broken(i - 1, 'a string runs over the end of its line');
        continue;
      }
      const code = text.charCodeAt(i);
      const kind = code < 128 ? (KINDS[code] ?? Kind.bad) : Kind.bad;
      if (this.inWord && kind !== Kind.word) {
        this.inWord = false;
        if (this.open.length === 0) return { at: i, state: 'ended' };
      }
      i++;
      if (kind === Kind.space) continue;
      const stop = this.token(code, kind, i);
      if (stop) return stop;
    }
    return { at: text.length, state: 'more' };
  }

  /** Where the string's next quote, backslash or line end is, or the end of the chunk. */
  private string(text: string, at: number): number {
    let i = at;
    if (this.escaped && i < text.length) {
      this.escaped = false;
      i++;
    }
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 34 || code === 92 || code === 10) break;
    }
    return i;
  }

  private token(code: number, kind: number, behind: number): Stop | undefined {
    const { open } = this;
    const top = open[open.length - 1];
    if (kind === Kind.quote) {
      this.inString = true;
      this.wants = 'any';
      return undefined;
    }
    if (this.wants !== 'any' && !(kind === Kind.close && this.wants === 'name or close')) {
      return broken(behind - 1, 'a property name in quotes is expected');
    }
    this.wants = 'any';
    switch (kind) {
      case Kind.word:
        this.inWord = true;
        return undefined;
      case Kind.open:
        if (open.length >= MAX_DEPTH)
          return broken(behind - 1, `it is nested deeper than ${MAX_DEPTH} levels`);
        open.push(code);
        if (code === OBJECT) this.wants = 'name or close';
        return undefined;
      case Kind.close:
        // The closing bracket's code is the opening one's plus two.
        if (top !== code - 2)
          return broken(behind - 1, `"${String.fromCharCode(code)}" closes nothing that is open`);
        open.pop();
        return open.length === 0 ? { at: behind, state: 'ended' } : undefined;
      case Kind.comma:
        if (top === undefined) return broken(behind - 1, 'a value is expected');
        if (top === OBJECT) this.wants = 'name';
        return undefined;
      case Kind.colon:
        return top === OBJECT ? undefined : broken(behind - 1, 'a colon stands outside of an object');
      default:
        return broken(behind - 1, 'a character stands outside of a string');
    }
  }
}

function broken(at: number, reason: string): Stop {
  return { at, state: 'broken', reason };
}
