import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { HumanLabel } from '../human/human-labels';
import { LabelError, onFile } from '../label-error';
import type { Conditions } from '../run/describe';
import type { Entry } from '../run/entry';
import { linesOf } from '../run/journal-lines';
import { LineFile } from '../run/line-file';
import { readChunks } from '../run/read-chunks';
import { isObject } from '../stored';
import type { Shard } from './shard';

/** First line of a shard: what all shards of a run have to agree in, and which one it is. */
export interface ShardHeader {
  readonly steplens: string;
  readonly shard: Shard;
  /** Traces of the whole input. */
  readonly traces: number;
  readonly brokenRecords: number;
  readonly conditions: Conditions;
}

/** A line for each of its traces. */
export interface ShardEntry {
  readonly ordinal: number;
  readonly entry: Entry;
  /** What people have set, by step index. */
  readonly human?: readonly (readonly [number, HumanLabel])[];
}

/**
 * Writes a shard: header, entries, and a line with the SHA-256 of all before it, by which a file that was cut off on its
 * way is known.
 * @returns the SHA-256 of the whole file
 */
export async function writeShard(
  path: string,
  header: ShardHeader,
  entries: AsyncIterable<ShardEntry>,
): Promise<string> {
  const file = await LineFile.create(path);
  const hash = createHash('sha256');
  const add = async (value: unknown) => {
    const line = `${JSON.stringify(value)}\n`;
    hash.update(line);
    await file.add(line);
  };
  try {
    await add(header);
    for await (const entry of entries) await add(entry);
    await file.add(`${JSON.stringify({ sha256: hash.digest('hex') })}\n`);
    return await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** A shard that can be read several times, from its first entry to its last. */
export class ShardFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    readonly header: ShardHeader,
  ) {}

  /** @throws {LabelError} `read` where it is no shard, or not a whole one */
  static async open(path: string): Promise<ShardFile> {
    const file = await onFile('read', path, () => open(path, 'r'));
    try {
      const header = await check(path, file);
      return new ShardFile(path, file, header);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async *entries(): AsyncGenerator<ShardEntry> {
    let first = true;
    for await (const { bytes } of linesOf(readChunks(this.file))) {
      const value: unknown = first ? undefined : JSON.parse(bytes.toString('utf8'));
      first = false;
      if (isObject(value) && 'entry' in value) yield value as unknown as ShardEntry;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** Reads a shard once and holds it against its own checksum. @returns its header */
async function check(path: string, file: FileHandle): Promise<ShardHeader> {
  const hash = createHash('sha256');
  let header: unknown;
  let last: Buffer | undefined;
  await onFile('read', path, async () => {
    for await (const { bytes } of linesOf(readChunks(file))) {
      if (last) hash.update(last).update('\n');
      else header = parsed(bytes);
      last = bytes;
    }
  });
  if (!isObject(header) || !isObject(header.shard) || !isObject(header.conditions)) {
    throw new LabelError('read', `${path}: it is no shard, as label --shard writes them`);
  }
  const end = last && parsed(last);
  if (!isObject(end) || end.sha256 !== hash.digest('hex')) {
    throw new LabelError('read', `${path}: the shard is damaged or not whole; label it or copy it again`);
  }
  return header as unknown as ShardHeader;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
