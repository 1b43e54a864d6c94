import { link, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isSystemError, LabelError, onFile } from '../label-error';
import { humanLabelPath, metaPath, workPaths } from '../paths';

/** Refuses to write labels over the traces themselves, what people have set for them, or a folder. */
export async function refuseConflicts(source: string, out: string): Promise<void> {
  for (const target of [out, metaPath(out)]) {
    for (const precious of [source, humanLabelPath(source)]) await refuseOverSource(precious, target);
  }
}

/** Refuses to write over one file under whatever name, and over a folder. */
export async function refuseOverSource(precious: string, target: string): Promise<void> {
  const there = await identify(target);
  if (there?.folder) throw new LabelError('conflict', `${target}: it is a folder`);
  const same = there && there.id === (await identify(precious))?.id;
  if (same || resolve(target) === resolve(precious)) {
    throw new LabelError('conflict', `${target}: nothing may be written over ${precious}`);
  }
}

/** Refuses a metadata file that Steplens did not write. */
export async function refuseForeignMeta(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined || /^\{\s*"steplens":/.test(text)) return;
  throw new LabelError(
    'exists',
    `${path} exists already and was not written by Steplens; --force overwrites it`,
  );
}

export function alreadyThere(path: string): LabelError {
  return new LabelError('exists', `${path} exists already; --force overwrites it`);
}

export async function exists(path: string): Promise<boolean> {
  return (await identify(path)) !== undefined;
}

/**
 * Gives a finished file its name, in one move. Without `force` a file that has come to stand there meanwhile stays.
 * @throws {LabelError} `exists`, `write`
 */
export async function install(partial: string, out: string, force: boolean): Promise<void> {
  await onFile('write', out, async () => {
    if (force) await rename(partial, out);
    else if (await linkAs(partial, out)) await unlink(partial);
    else await rename(partial, out);
  });
  await syncFolder(dirname(out));
}

/**
 * Writes a small file anew, in one move. Its provisional name is always the same, so that a kill leaves nothing behind
 * that the next run does not use up.
 */
export async function replace(path: string, text: string): Promise<void> {
  const { partial } = workPaths(path);
  await onFile('write', path, async () => {
    try {
      await writeFile(partial, text, { flush: true });
      await rename(partial, path);
    } catch (error) {
      await unlink(partial).catch(() => undefined);
      throw error;
    }
  });
}

/** False where the file system has no hard links. */
async function linkAs(partial: string, out: string): Promise<boolean> {
  try {
    await link(partial, out);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') throw alreadyThere(out);
    if (await exists(out)) throw alreadyThere(out);
    return false;
  }
}

/** Makes a change of name last through a power cut, where the system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function identify(path: string): Promise<{ id: string; folder: boolean } | undefined> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    if (isSystemError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw error;
  });
  return found && { id: `${found.dev}:${found.ino}`, folder: found.isDirectory() };
}
