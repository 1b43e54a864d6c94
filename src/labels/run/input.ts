import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ReadOptions, readTrajectories, type TraceSource } from '../../trajectory';
import { fileTrouble, LabelError, onFile } from '../label-error';
import { belongsTo, type Shard } from '../shards/shard';
import { readChunks } from './read-chunks';

/** What identifies the content of an input. */
export interface Fingerprint {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** How much there is to score. */
export interface Survey {
  readonly traces: number;
  /** Sum of `weightOf` over them: the work is about in proportion to it. */
  readonly characters: number;
}

/**
 * A trace file that stays open for a whole run, so that every pass reads the same file even where the name is given to
 * another one meanwhile.
 */
export class InputFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly atStart: { readonly size: number; readonly mtimeMs: number },
  ) {}

  /** @throws {LabelError} `read` */
  static async open(path: string): Promise<InputFile> {
    return onFile('read', path, async () => {
      const file = await open(path, 'r');
      const { size, mtimeMs } = await file.stat().then(async (found) => {
        if (found.isFile()) return found;
        await file.close();
        throw new LabelError('read', `${path}: it is ${found.isDirectory() ? 'a folder' : 'not a file'}`);
      });
      return new InputFile(path, file, { size, mtimeMs });
    });
  }

  /** A new reading from the beginning, for the trace reader. */
  source(): TraceSource {
    return { stream: this.chunks(), name: basename(this.path) };
  }

  /** Hashes the whole file. */
  async fingerprint(signal?: AbortSignal): Promise<Fingerprint> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of this.chunks()) {
      signal?.throwIfAborted();
      hash.update(chunk);
      size += chunk.length;
    }
    return { sha256: hash.digest('hex'), size };
  }

  /**
   * Reads all traces once to know how many there are, in a shard or at all. Problems are not told: the scoring pass meets
   * them again.
   */
  async survey(options: ReadOptions, shard?: Shard): Promise<Survey> {
    let [ordinal, traces, characters] = [0, 0, 0];
    for await (const item of readTrajectories(this.source(), options)) {
      if (!('trajectory' in item)) continue;
      if (shard && !belongsTo(shard, ordinal++)) continue;
      traces++;
      characters += weightOf(item.trajectory);
    }
    return { traces, characters };
  }

  /** @throws {LabelError} `changed` where the file was written to since it was opened */
  async refuseChanges(): Promise<void> {
    const { size, mtimeMs } = await onFile('read', this.path, () => this.file.stat());
    if (size === this.atStart.size && mtimeMs === this.atStart.mtimeMs) return;
    throw new LabelError(
      'changed',
      `${this.path} was changed while it was being labelled; run again with --restart to label it as it is now`,
    );
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async *chunks(): AsyncGenerator<Buffer> {
    try {
      yield* readChunks(this.file);
    } catch (error) {
      throw fileTrouble('read', this.path, error);
    }
  }
}

/** Characters that the model reads for a trace. */
export function weightOf(trajectory: {
  question: { text: string };
  steps: readonly { text: string; observation?: { text: string } }[];
}): number {
  return trajectory.steps.reduce(
    (sum, step) => sum + step.text.length + (step.observation?.text.length ?? 0),
    trajectory.question.text.length,
  );
}
