import type { SourceText, Span } from './trajectory';

/**
 * A decoded text that knows where each of its characters is written in the file. JSON strings, stretches of a plain text
 * and whole records are all placed texts; one nested in another multiplies the layers of escaping between.
 */
export interface PlacedText {
  readonly text: string;
  /** Layers of JSON string escaping between the file's characters and `text`. */
  readonly layers: number;
  /** File offset (UTF-16 code units) of the boundary before `text[offset]`; `offset` may equal the length. */
  offsetInFile(offset: number): number;
}

/** Text that stands in the file as it is, from `base` on. */
export class PlainText implements PlacedText {
  readonly layers = 0;
  constructor(
    readonly text: string,
    readonly base: number,
  ) {}
  offsetInFile(offset: number): number {
    return this.base + offset;
  }
}

/** The stretch [start, end) of a placed text. */
export class Excerpt implements PlacedText {
  readonly text: string;
  readonly layers: number;
  constructor(
    private readonly whole: PlacedText,
    private readonly start: number,
    end: number,
  ) {
    this.text = whole.text.slice(start, end);
    this.layers = whole.layers;
  }
  offsetInFile(offset: number): number {
    return this.whole.offsetInFile(this.start + offset);
  }
}

/** A text that stands nowhere in the file: it is shown, but no place can be marked for it. */
export class UnplacedText implements PlacedText {
  readonly layers = Number.POSITIVE_INFINITY;
  constructor(readonly text: string) {}
  offsetInFile(): number {
    return 0;
  }
}

/**
 * Where the stretch [from, to) of a placed text is written. Undefined where it cannot be said: more than two layers of
 * escaping lie between, or the text stands nowhere in the file.
 */
export function spanOf(placed: PlacedText, from = 0, to = placed.text.length): Span | undefined {
  const { layers } = placed;
  if (layers !== 0 && layers !== 1 && layers !== 2) return undefined;
  return { start: placed.offsetInFile(from), end: placed.offsetInFile(to), escapes: layers };
}

/** The stretch [from, to) of a placed text as text with its place. */
export function sourceText(placed: PlacedText, from = 0, to = placed.text.length): SourceText {
  const span = from < to ? spanOf(placed, from, to) : undefined;
  return { text: placed.text.slice(from, to), spans: span ? [span] : [] };
}

/** Several placed texts as one, in the order given; empty ones are left out. */
export function joinTexts(parts: readonly PlacedText[], joint: string): SourceText {
  const full = parts.filter((part) => part.text !== '');
  const text = full.map((part) => part.text).join(joint);
  const spans: Span[] = [];
  for (const part of full) {
    const span = spanOf(part);
    // A text of which one part has no place has none as a whole: spans that do not give the text would be a lie.
    if (!span) return { text, spans: [] };
    spans.push(span);
  }
  return spans.length > 1 ? { text, spans, joint } : { text, spans };
}

/** A placed text without the white space at its ends. */
export function trimmed(placed: PlacedText): PlacedText {
  const { text } = placed;
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  if (start === 0 && end === text.length) return placed;
  return new Excerpt(placed, start, Math.max(start, end));
}
