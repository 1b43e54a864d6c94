import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { decodeStream } from './decode';

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

/** Opens a source. What it is, text or archive, is told by its first bytes. Errors of the file system are thrown. */
export async function openSource(source: TraceSource): Promise<OpenSource> {
  if ('text' in source) return { kind: 'text', name: source.name ?? '', chunks: once(source.text) };
  const name = 'path' in source ? basename(source.path) : (source.name ?? '');
  const stream = 'path' in source ? createReadStream(source.path, { highWaterMark: CHUNK }) : source.stream;
  const bytes = stream[Symbol.asyncIterator]();
  const first = await bytes.next();
  const all = prepend(first.done ? undefined : first.value, bytes);
  const [p, k, three, four] = first.done ? [] : first.value;
  if (p === 0x50 && k === 0x4b && three === 3 && four === 4) return { kind: 'archive', name, bytes: all };
  return { kind: 'text', name, chunks: decodeStream(all) };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** The whole stream again after its first chunk was looked at. Closes the stream when the reader stops early. */
async function* prepend(
  first: Uint8Array | undefined,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (!first) return;
    yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
