import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ScoredTrajectory } from '../../cpmi/scored';
import type { Trajectory } from '../../trajectory/trajectory';
import { fromStored, toStored } from './stored';

interface Entry {
  size: number;
  /** When it was last used, in ms. */
  used: number;
}

/** After an overflow so much of the bound is left free, so that not every later entry costs a sweep. */
const LOW_WATER = 0.9;
/** The time of use on disk is not renewed more often than this. */
const TOUCH_MS = 60 * 60 * 1000;

/**
 * Rewards on disk: one small file a trace, named by its key. The least recently used are deleted once all together
 * exceed the bound. A file that cannot be read counts as not there. Any number of windows may share the folder.
 */
export class RewardCache {
  private entries: Promise<Map<string, Entry>> | undefined;

  /** @param bound most bytes on disk; 0 keeps nothing */
  constructor(
    private readonly folder: string,
    private readonly bound: () => number,
    private readonly now: () => number = Date.now,
  ) {}

  /** The rewards of the trajectory under this key, if they are kept. */
  async get(key: string, trajectory: Trajectory): Promise<ScoredTrajectory | undefined> {
    const entries = await this.index();
    const entry = entries.get(key);
    if (!entry) return undefined;
    const file = this.fileOf(key);
    try {
      const scored = fromStored(JSON.parse(await readFile(file, 'utf8')), trajectory);
      if (!scored) throw new Error('not of this trajectory');
      if (this.now() - entry.used > TOUCH_MS) {
        const time = new Date(this.now());
        await utimes(file, time, time).catch(() => undefined);
      }
      entry.used = this.now();
      return scored;
    } catch {
      entries.delete(key);
      await rm(file, { force: true }).catch(() => undefined);
      return undefined;
    }
  }

  /** Keeps rewards. Where that fails (a full disk, say) they are simply not kept. */
  async set(key: string, scored: ScoredTrajectory): Promise<void> {
    if (this.bound() === 0) return;
    const entries = await this.index();
    const text = JSON.stringify(toStored(scored));
    try {
      await mkdir(join(this.folder, key.slice(0, 2)), { recursive: true });
      await writeFileAtomic(this.fileOf(key), text, { fsync: false });
    } catch {
      return;
    }
    entries.set(key, { size: Buffer.byteLength(text), used: this.now() });
    await this.trim(entries);
  }

  /** Deletes everything that is kept. */
  async clear(): Promise<void> {
    this.entries = Promise.resolve(new Map());
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Bytes that are kept. */
  async size(): Promise<number> {
    return sizeOf(await this.index());
  }

  private fileOf(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.json`);
  }

  private index(): Promise<Map<string, Entry>> {
    this.entries ??= this.scan();
    return this.entries;
  }

  private async scan(): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    const groups = await readdir(this.folder).catch(() => []);
    for (const group of groups) {
      const names = await readdir(join(this.folder, group)).catch(() => []);
      for (const name of names) {
        const key = /^([0-9a-f]{64})\.json$/.exec(name)?.[1];
        const found = key && (await stat(join(this.folder, group, name)).catch(() => undefined));
        if (key && found) entries.set(key, { size: found.size, used: found.mtimeMs });
      }
    }
    return entries;
  }

  private async trim(entries: Map<string, Entry>): Promise<void> {
    const bound = this.bound();
    let size = sizeOf(entries);
    if (size <= bound) return;
    for (const [key, entry] of [...entries].sort(([, a], [, b]) => a.used - b.used)) {
      if (size <= bound * LOW_WATER) return;
      entries.delete(key);
      size -= entry.size;
      await rm(this.fileOf(key), { force: true }).catch(() => undefined);
    }
  }
}

const sizeOf = (entries: ReadonlyMap<string, Entry>): number =>
  [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
