import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { concatBytes, decodeStream } from './decode';

/** Where traces come from: a file, a stream of bytes such as stdin, or a text that is already in memory. */
export type TraceSource =
  | { readonly path: string }
  | { readonly stream: AsyncIterable<Uint8Array>; readonly name?: string }
  | { readonly text: string; readonly name?: string };

/** A source that was opened: decoded text in chunks, or the bytes of a zip archive. */
export type OpenSource =
  | { readonly kind: 'text'; readonly name: string; readonly chunks: AsyncIterable<string> }
  | { readonly kind: 'archive'; readonly name: string; readonly bytes: AsyncIterable<Uint8Array> };

const CHUNK = 256 * 1024;
/** What a zip archive begins with: the signature of its first member. */
const ZIP = [0x50, 0x4b, 3, 4] as const;

/** Opens a source. What it is, text or archive, is told by its first bytes. Errors of the file system are thrown. */
export async function openSource(source: TraceSource): Promise<OpenSource> {
  if ('text' in source) return { kind: 'text', name: source.name ?? '', chunks: once(source.text) };
  const name = 'path' in source ? basename(source.path) : (source.name ?? '');
  const stream = 'path' in source ? createReadStream(source.path, { highWaterMark: CHUNK }) : source.stream;
  const bytes = stream[Symbol.asyncIterator]();
  const first = await firstBytes(bytes, ZIP.length);
  const all = prepend(first, bytes);
  if (ZIP.every((byte, index) => first[index] === byte)) return { kind: 'archive', name, bytes: all };
  return { kind: 'text', name, chunks: decodeStream(all) };
}

/** The chunks of a stream up to a number of bytes, in one. */
async function firstBytes(bytes: AsyncIterator<Uint8Array>, wanted: number): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < wanted) {
    const next = await bytes.next();
    if (next.done) break;
    head = concatBytes(head, next.value);
  }
  return head;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** The whole stream again after its beginning was looked at. Closes the stream when the reader stops early. */
async function* prepend(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
