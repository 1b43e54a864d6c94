import { unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { version } from '../../../package.json';
import type { HumanLabel } from '../human/human-labels';
import { LabelError } from '../label-error';
import type { LabelResult } from '../label-task';
import { Tally } from '../meta';
import { metaPath, workPaths } from '../paths';
import { metaOf } from '../run/describe';
import { takeLock } from '../run/lock';
import { fitScale, writeLabels } from '../run/output';
import { alreadyThere, exists, install, refuseForeignMeta, refuseOverSource, replace } from '../run/target';
import { ShardFile, type ShardHeader } from './shard-file';

export interface MergeTask {
  /** All shards of one run, in any order. */
  readonly shards: readonly string[];
  readonly out: string;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Makes the label file of all shards: the bytes that one run over the whole input would have written. Soft labels are
 * fitted to the rewards of all of them. Memory holds what people have set, and eight bytes a step.
 * @throws {LabelError} where shards are missing, doubled, damaged or made under different conditions
 */
export async function mergeShards({
  shards,
  out: target,
  force = false,
  signal,
}: MergeTask): Promise<LabelResult> {
  const out = resolve(target);
  for (const shard of shards) {
    await refuseOverSource(shard, out);
    await refuseOverSource(shard, metaPath(out));
  }
  const lock = await takeLock(workPaths(out).lock, out);
  const files: ShardFile[] = [];
  try {
    if (!force && (await exists(out))) throw alreadyThere(out);
    if (!force) await refuseForeignMeta(metaPath(out));
    for (const shard of shards) files.push(await ShardFile.open(shard));
    return await merge(inOrder(files), out, force, signal);
  } finally {
    await Promise.all(files.map((file) => file.close()));
    await lock.release();
  }
}

async function merge(
  files: readonly ShardFile[],
  out: string,
  force: boolean,
  signal: AbortSignal | undefined,
): Promise<LabelResult> {
  const header = files[0]?.header as ShardHeader;
  const { conditions, traces, brokenRecords } = header;
  const labels = new Map<string, ReadonlyMap<number, HumanLabel>>();
  const entries = async function* () {
    const readers = files.map((file) => file.entries());
    for (let ordinal = 0; ordinal < traces; ordinal++) {
      signal?.throwIfAborted();
      const next = await readers[ordinal % files.length]?.next();
      const found = next?.done === false ? next.value : undefined;
      if (found?.ordinal !== ordinal) {
        const path = files[ordinal % files.length]?.path;
        throw new LabelError('read', `${path}: the shard lacks trace ${ordinal + 1}; label it again`);
      }
      const { entry, human } = found;
      if (human && entry.kind === 'scored') labels.set(entry.trace, new Map(human));
      yield entry;
    }
  };
  const scale = await fitScale(entries);
  const tally = new Tally({ brokenRecords, resumed: 0 });
  const { partial } = workPaths(out);
  const { threshold } = conditions;
  const rule = {
    scale,
    human: { labels, gold: new Map<string, string>() },
    ...(threshold === null ? {} : { threshold }),
  };
  const sha256 = await writeLabels(partial, entries, rule, tally);
  try {
    if (tally.counts.scored === 0) throw new LabelError('nothing', `${out}: nothing could be scored`);
    const made = metaOf(conditions, out, { scale, tally, sha256 });
    await replace(metaPath(out), `${JSON.stringify(made, undefined, 2)}\n`);
    await install(partial, out, force);
    return { out, meta: metaPath(out), made };
  } finally {
    await unlink(partial).catch(() => undefined);
  }
}

/** The shards from the first to the last. @throws {LabelError} where they do not make up one run */
function inOrder(files: readonly ShardFile[]): readonly ShardFile[] {
  const [first] = files;
  if (!first) throw new LabelError('nothing', 'there is no shard to merge');
  const { count } = first.header.shard;
  const wanted = sameness(first.header);
  const found: ShardFile[] = [];
  for (const file of files) {
    const { header, path } = file;
    if (header.steplens !== version) {
      throw new LabelError('changed', `${path}: made by Steplens ${header.steplens}, this is ${version}`);
    }
    const differs = Object.entries(sameness(header)).filter(([name, value]) => wanted[name] !== value);
    if (differs.length > 0) {
      const names = differs.map(([name, value]) => `${name}: ${value}, but ${wanted[name]}`).join('; ');
      throw new LabelError('changed', `${path} and ${first.path} are not of one run (${names})`);
    }
    const at = header.shard.index - 1;
    const other = found[at];
    if (other)
      throw new LabelError('conflict', `${other.path} and ${path} are both shard ${at + 1} of ${count}`);
    found[at] = file;
  }
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !found[index - 1]);
  if (missing.length === 0) return found;
  const list = missing.length > 20 ? `${missing.slice(0, 20).join(', ')}, …` : missing.join(', ');
  throw new LabelError('nothing', `of ${count} shards ${missing.length} are missing: ${list}`);
}

/** What all shards of a run have in common, by name. */
function sameness({ shard, traces, brokenRecords, conditions }: ShardHeader): Record<string, string> {
  const common = { shards: shard.count, traces, brokenRecords, ...conditions };
  return Object.fromEntries(Object.entries(common).map(([name, value]) => [name, JSON.stringify(value)]));
}
