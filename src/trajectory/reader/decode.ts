import { TextDecoder } from 'node:util';

/** Names as `TextDecoder` knows them. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/**
 * The encoding by byte order mark, else by where the zero bytes of the first two characters are (JSON begins with two
 * ASCII characters), else UTF-8.
 */
function encodingOf(head: Uint8Array): Encoding {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
  return 'utf-8';
}

/**
 * Decodes a byte stream as VS Code does: UTF-8, UTF-16LE or UTF-16BE, a byte order mark taken off, bytes that are no text
 * as U+FFFD. Chunks may be cut anywhere, inside a character too.
 */
export async function* decodeStream(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let head = new Uint8Array(0);
  for await (const chunk of bytes) {
    let next: Uint8Array = chunk;
    if (!decoder) {
      next = concatBytes(head, chunk);
      // Four bytes tell the encoding; a file may come in smaller chunks.
      if (next.length < 4) {
        head = new Uint8Array(next);
        continue;
      }
      decoder = new TextDecoder(encodingOf(next));
    }
    const text = decoder.decode(next, { stream: true });
    if (text !== '') yield text;
  }
  const last = decoder ? decoder.decode() : new TextDecoder(encodingOf(head)).decode(head);
  if (last !== '') yield last;
}

/** Two pieces of a byte stream as one. */
export function concatBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
