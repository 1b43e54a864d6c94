const BACKSLASH = 92;
const LETTER_U = 117;

/**
 * From offsets of a decoded JSON string to offsets of the escaped one. Only the escapes are stored, and looked up by
 * bisection: cutting a long string into its n steps costs n·log(escapes), not n passes over the string.
 */
export class EscapeMap {
  /** For each escape: the decoded offset of the character it stands for, and the raw offset behind the escape. */
  private readonly decoded: number[] = [];
  private readonly rawEnd: number[] = [];

  /** @param start first character of the content, after the opening quote @param end that of the closing quote */
  constructor(
    raw: string,
    private readonly start: number,
    end: number,
  ) {
    let behind = start;
    let length = 0;
    for (let at = raw.indexOf('\\', start); at >= 0 && at < end; at = raw.indexOf('\\', behind)) {
      length += at - behind;
      behind = at + (raw.charCodeAt(at + 1) === LETTER_U ? 6 : 2);
      this.decoded.push(length);
      this.rawEnd.push(behind);
      length++;
      // Most long strings hold runs of escapes (`\n\n`): go on without a search.
      while (raw.charCodeAt(behind) === BACKSLASH && behind < end) {
        behind += raw.charCodeAt(behind + 1) === LETTER_U ? 6 : 2;
        this.decoded.push(length);
        this.rawEnd.push(behind);
        length++;
      }
    }
  }

  /** Raw offset of the boundary before the decoded character at `offset`. */
  rawOffset(offset: number): number {
    let low = 0;
    let high = this.decoded.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.decoded[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return this.start + offset;
    const before = low - 1;
    return (this.rawEnd[before] ?? 0) + (offset - (this.decoded[before] ?? 0) - 1);
  }
}
