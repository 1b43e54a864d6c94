import { Excerpt, type PlacedText } from '../placed';
import { EscapeMap } from './escape-map';

/** A value of a JSON text: read-only, typed by `kind`, with its place. `start` and `end` count in the parsed text. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

/** A value that reads as one line of text: a string, or a number in the digits it was written with. */
export type JsonScalar = JsonString | JsonNumber;

/**
 * An object. Its properties are kept in two arrays, not as properties of a JavaScript object, so that a key such as
 * `__proto__` is a key like any other. Of a key that occurs twice the last value counts, as in `JSON.parse`.
 */
export class JsonObject {
  readonly kind = 'object';
  readonly keys: string[] = [];
  readonly values: JsonNode[] = [];
  end: number;
  constructor(
    readonly source: PlacedText,
    readonly start: number,
  ) {
    this.end = start;
  }

  /** The value of an own property. */
  get(key: string): JsonNode | undefined {
    const at = this.keys.lastIndexOf(key);
    return at < 0 ? undefined : this.values[at];
  }
  has(key: string): boolean {
    return this.keys.includes(key);
  }
  object(key: string): JsonObject | undefined {
    const node = this.get(key);
    return node?.kind === 'object' ? node : undefined;
  }
  array(key: string): JsonArray | undefined {
    const node = this.get(key);
    return node?.kind === 'array' ? node : undefined;
  }
  string(key: string): JsonString | undefined {
    const node = this.get(key);
    return node?.kind === 'string' ? node : undefined;
  }
  number(key: string): number | undefined {
    const node = this.get(key);
    return node?.kind === 'number' ? node.value : undefined;
  }
  boolean(key: string): boolean | undefined {
    const node = this.get(key);
    return node?.kind === 'boolean' ? node.value : undefined;
  }
  /** A string or a number, as text. */
  scalar(key: string): JsonScalar | undefined {
    const node = this.get(key);
    return node?.kind === 'string' || node?.kind === 'number' ? node : undefined;
  }
}

export class JsonArray {
  readonly kind = 'array';
  readonly items: JsonNode[] = [];
  end: number;
  constructor(
    readonly source: PlacedText,
    readonly start: number,
  ) {
    this.end = start;
  }
  get length(): number {
    return this.items.length;
  }
  /** The items that are objects, in order. */
  objects(): JsonObject[] {
    return this.items.filter((item): item is JsonObject => item.kind === 'object');
  }
  /** The items if every one is a string, else undefined. */
  strings(): JsonString[] | undefined {
    return this.items.every((item): item is JsonString => item.kind === 'string') ? this.items : undefined;
  }
}

/** A string, decoded. As a placed text it knows where each of its characters stands in the file. */
export class JsonString implements PlacedText {
  readonly kind = 'string';
  readonly layers: number;
  private escapes: EscapeMap | undefined;
  constructor(
    readonly source: PlacedText,
    readonly start: number,
    readonly end: number,
    readonly text: string,
  ) {
    this.layers = source.layers + 1;
  }
  offsetInFile(offset: number): number {
    // The quotes stand at `start` and `end - 1`. Without escapes, what is between them is the text itself.
    const content = this.start + 1;
    if (this.end - this.start - 2 === this.text.length) return this.source.offsetInFile(content + offset);
    this.escapes ??= new EscapeMap(this.source.text, content, this.end - 1);
    return this.source.offsetInFile(this.escapes.rawOffset(offset));
  }
}

/** A number; `text` is how it was written (`1.50`, `1e3`), `NaN` and `Infinity` included. */
export class JsonNumber implements PlacedText {
  readonly kind = 'number';
  readonly layers: number;
  constructor(
    readonly source: PlacedText,
    readonly start: number,
    readonly end: number,
    readonly text: string,
  ) {
    this.layers = source.layers;
  }
  get value(): number {
    return Number(this.text);
  }
  offsetInFile(offset: number): number {
    return this.source.offsetInFile(this.start + offset);
  }
}

export interface JsonBoolean {
  readonly kind: 'boolean';
  readonly start: number;
  readonly end: number;
  readonly value: boolean;
}

export interface JsonNull {
  readonly kind: 'null';
  readonly start: number;
  readonly end: number;
}

/** The characters of any value as they stand in the file, quotes and all. */
export function rawOf(node: JsonObject | JsonArray | JsonString | JsonNumber): PlacedText {
  return new Excerpt(node.source, node.start, node.end);
}
