import type { FileHandle } from 'node:fs/promises';

const CHUNK = 256 * 1024;

/**
 * The bytes of an open file from its beginning. The file stays open, and whoever reads may stop at any chunk; that is why
 * this is no `ReadStream`. Chunks share no memory.
 */
export async function* readChunks(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
