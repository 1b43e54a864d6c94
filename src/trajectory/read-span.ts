import type { SourceText, Span } from './trajectory';

const SIMPLE: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Undoes one layer of JSON string escaping (RFC 8259, section 7). What is no escape is left as it is: never an error. */
export function unescapeJson(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([^u]))/g, (_match, hex: string | undefined, char: string) =>
    hex === undefined ? (SIMPLE[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The text that a span stands for. `fileText` is the whole decoded file, without its byte order mark. */
export function readSpan(fileText: string, span: Span): string {
  let text = fileText.slice(span.start, span.end);
  for (let layer = 0; layer < span.escapes; layer++) text = unescapeJson(text);
  return text;
}

/** The text that a source text's spans give; undefined where it has no place in the file. */
export function readSource(fileText: string, source: SourceText): string | undefined {
  if (source.spans.length === 0) return undefined;
  return source.spans.map((span) => readSpan(fileText, span)).join(source.joint ?? '');
}
