import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

const CHUNK = 256 * 1024;
/** Bytes before the end that are compared with what was read: a file that was rewritten to a greater size has others. */
const MEMORY = 64;
/** Milliseconds between two looks at the file. Looking works on every file system, where watching does not. */
const PAUSE = 250;

/** Why a file's bytes came to an end. */
export type TailEnd = 'truncated' | 'replaced';

/**
 * The bytes of a file that grows: what is there, then what is written, as it comes. They end where the file is cut short,
 * rewritten, or another file is given its name; `ended` says which.
 */
export class Tail {
  ended: TailEnd | undefined;
  private position = 0;
  private last: Uint8Array = new Uint8Array(0);

  constructor(
    private readonly path: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws {DOMException} `AbortError` @throws the file system's own errors; a name that is given up for a while is none */
  async *bytes(): AsyncGenerator<Uint8Array> {
    const file = await open(this.path, 'r');
    try {
      const { ino } = await file.stat();
      for (;;) {
        if (await this.wasRewritten(file)) {
          this.ended = 'truncated';
          return;
        }
        // Asked before reading: what was written before the name was given away is read to its end.
        const replaced = await this.hasOther(ino);
        yield* this.rest(file);
        if (replaced) {
          this.ended = 'replaced';
          return;
        }
        await pause(this.signal);
      }
    } finally {
      await file.close();
    }
  }

  private async *rest(file: FileHandle): AsyncGenerator<Uint8Array> {
    for (;;) {
      this.signal?.throwIfAborted();
      const buffer = new Uint8Array(CHUNK);
      const { bytesRead } = await file.read(buffer, 0, CHUNK, this.position);
      if (bytesRead === 0) return;
      this.position += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      this.last = Buffer.concat([this.last, chunk]).subarray(-MEMORY);
      yield chunk;
    }
  }

  private async wasRewritten(file: FileHandle): Promise<boolean> {
    const { length } = this.last;
    const there = Buffer.alloc(length);
    const { bytesRead } = await file.read(there, 0, length, this.position - length);
    return bytesRead < length || !there.equals(this.last);
  }

  private async hasOther(ino: number): Promise<boolean> {
    try {
      return (await stat(this.path)).ino !== ino;
    } catch {
      return false; // between two files of the same name
    }
  }
}

/** @throws {DOMException} `AbortError` */
export async function pause(signal?: AbortSignal): Promise<void> {
  await setTimeout(PAUSE, undefined, signal ? { signal } : {}).catch(() => undefined);
  signal?.throwIfAborted();
}
