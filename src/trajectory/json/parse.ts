import { createScanner } from 'jsonc-parser';
import { type PlacedText, PlainText } from '../placed';
import { JsonArray, type JsonNode, JsonNumber, JsonObject, JsonString } from './nodes';

/** Levels of arrays and objects in one record. Deeper ones are refused: no trace has them, and stacks are finite. */
export const MAX_DEPTH = 1024;

/** The record is no JSON. `offset` is where, in code units of the parsed text. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** Token kinds of jsonc-parser (its `SyntaxKind` is a const enum, which isolated modules cannot read). */
const Token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  unknown: 16,
  end: 17,
} as const;

const STRING_ERRORS: Readonly<Record<number, string>> = {
  2: 'a string is not closed',
  4: 'a \\u escape wants four hexadecimal digits',
  5: 'a string holds an unknown escape',
  6: 'a string holds a bare control character',
};

/**
 * Parses one JSON value (RFC 8259, no comments, no trailing commas; `NaN` and `Infinity`, which Python's json module
 * writes, are taken as numbers). Without recursion: depth costs no stack.
 * @param source the text, or where it stands in the file
 * @throws {JsonError} what is wrong and where
 */
export function parseJson(source: PlacedText | string): JsonNode {
  const placed = typeof source === 'string' ? new PlainText(source, 0) : source;
  return new Parser(placed).parse();
}

/** As `parseJson`, for text that may well be no JSON. */
export function tryParseJson(source: PlacedText | string): JsonNode | undefined {
  try {
    return parseJson(source);
  } catch (error) {
    if (error instanceof JsonError) return undefined;
    throw error;
  }
}

class Parser {
  private readonly scanner;
  private token: number = Token.unknown;
  /** The arrays and objects that are open, outermost first. */
  private readonly open: (JsonArray | JsonObject)[] = [];

  constructor(private readonly source: PlacedText) {
    this.scanner = createScanner(source.text, false);
  }

  parse(): JsonNode {
    this.next();
    let done = this.value();
    while (this.open.length > 0) done = this.step(done);
    if (!done) throw this.error('a value is missing');
    if (this.token !== Token.end) throw this.error('there is more after the end of the value');
    return done;
  }

  /** Takes one comma or one closing bracket and what follows; returns the value that was thereby completed, if any. */
  private step(completed: JsonNode | undefined): JsonNode | undefined {
    const parent = this.open.at(-1);
    if (!parent) return completed;
    const closing = parent.kind === 'array' ? Token.closeBracket : Token.closeBrace;
    if (completed) {
      // A value has ended inside `parent`: it goes on with a comma or closes.
      if (this.token === closing) return this.close(parent);
      if (this.token !== Token.comma) throw this.error(this.expectation(parent));
      this.next();
    } else if (this.token === closing) {
      return this.close(parent);
    }
    return this.member(parent);
  }

  private member(parent: JsonArray | JsonObject): JsonNode | undefined {
    if (parent.kind === 'array') return this.value();
    if (this.token !== Token.string) throw this.error('a property name in quotes is expected');
    this.checkToken();
    parent.keys.push(this.scanner.getTokenValue());
    if (this.next() !== Token.colon) throw this.error('a colon is expected after a property name');
    this.next();
    return this.value();
  }

  /** Reads a value and hands it to the innermost open container. Of an array or object only the beginning is read. */
  private value(): JsonNode | undefined {
    const start = this.scanner.getTokenOffset();
    if (this.token === Token.openBrace || this.token === Token.openBracket) {
      if (this.open.length >= MAX_DEPTH) throw this.error(`it is nested deeper than ${MAX_DEPTH} levels`);
      const node =
        this.token === Token.openBrace
          ? new JsonObject(this.source, start)
          : new JsonArray(this.source, start);
      this.add(node);
      this.open.push(node);
      this.next();
      return undefined;
    }
    const node = this.scalar(start);
    this.add(node);
    this.next();
    return node;
  }

  private scalar(start: number): JsonNode {
    const end = start + this.scanner.getTokenLength();
    switch (this.token) {
      case Token.string:
        this.checkToken();
        return new JsonString(this.source, start, end, this.scanner.getTokenValue());
      case Token.number:
        this.checkToken();
        return new JsonNumber(this.source, start, end, this.scanner.getTokenValue());
      case Token.true:
      case Token.false:
        return { kind: 'boolean', start, end, value: this.token === Token.true };
      case Token.null:
        return { kind: 'null', start, end };
      default:
        return this.notFinite(start);
    }
  }

  /** `NaN`, `Infinity`, `-Infinity`: no JSON, but what Python's json.dumps writes. */
  private notFinite(start: number): JsonNode {
    const word = /(?:NaN|-?Infinity)(?![\w$])/y;
    word.lastIndex = start;
    const match = this.token === Token.unknown ? word.exec(this.source.text) : null;
    if (!match) throw this.error(this.token === Token.end ? 'it ends too early' : 'a value is expected');
    this.scanner.setPosition(start + match[0].length);
    return new JsonNumber(this.source, start, start + match[0].length, match[0]);
  }

  private add(node: JsonNode): void {
    const parent = this.open.at(-1);
    if (parent?.kind === 'array') parent.items.push(node);
    else parent?.values.push(node);
  }

  private close(node: JsonArray | JsonObject): JsonNode {
    node.end = this.scanner.getTokenOffset() + 1;
    this.open.pop();
    this.next();
    return node;
  }

  private next(): number {
    // White space is skipped here: the scanner would collect it character by character.
    const { text } = this.source;
    let at = this.scanner.getPosition();
    if (isSpace(text.charCodeAt(at))) {
      do at++;
      while (isSpace(text.charCodeAt(at)));
      this.scanner.setPosition(at);
    }
    this.token = this.scanner.scan();
    return this.token;
  }

  private checkToken(): void {
    const error = this.scanner.getTokenError();
    if (error !== 0) throw this.error(STRING_ERRORS[error] ?? 'a number is malformed');
  }

  private expectation(parent: JsonArray | JsonObject): string {
    if (this.token === Token.end) return `it ends inside an ${parent.kind}`;
    return `a comma or the end of the ${parent.kind} is expected`;
  }

  private error(message: string): JsonError {
    return new JsonError(message, this.scanner.getTokenOffset());
  }
}

/** JSON's white space: tab, line feed, carriage return, space. */
function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}
