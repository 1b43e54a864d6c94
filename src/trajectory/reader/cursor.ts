/** A place in a text: index in the chunk, offset in the file, line, and where the chunk's next line break is. */
export interface Place {
  readonly index: number;
  readonly offset: number;
  readonly line: number;
  readonly newline: number;
}

/**
 * Walks through a text chunk by chunk and counts offsets and lines. Each line break is looked for once, so that many short
 * steps over a text without line breaks cost no search each.
 */
export class Cursor {
  text = '';
  index = 0;
  private newline = Number.POSITIVE_INFINITY;

  /** @param offset of the first character that will be loaded, in the file @param line of it */
  constructor(
    private offset = 0,
    private line = 1,
  ) {}

  get place(): Place {
    const { index, offset, line, newline } = this;
    return { index, offset, line, newline };
  }
  get done(): boolean {
    return this.index >= this.text.length;
  }

  /** Goes on with another text, whose first character is at the cursor's offset. */
  load(text: string): void {
    this.text = text;
    this.index = 0;
    this.newline = nextBreak(text, 0);
  }

  moveTo(index: number): void {
    while (this.newline < index) {
      this.line++;
      this.newline = nextBreak(this.text, this.newline + 1);
    }
    this.offset += index - this.index;
    this.index = index;
  }

  /** Back to a place in the same text. */
  reset(place: Place): void {
    this.index = place.index;
    this.offset = place.offset;
    this.line = place.line;
    this.newline = place.newline;
  }

  /** Back to a place before this text: what stood there is given again in front of it. */
  rewind(before: string, place: Place): void {
    const text = before + this.text;
    this.offset = place.offset;
    this.line = place.line;
    this.load(text);
  }
}

function nextBreak(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
