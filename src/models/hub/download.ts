import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { homeFolder, modelsFolder } from '../home';
import { ModelError } from '../model-error';
import { RECORD_FILE, type RecordedFile, writeRecord } from '../record';
import type { StoredModel } from '../store';
import { checked } from './checksum';
import type { Variant } from './choose-files';
import { fetchFile } from './fetch-file';
import type { HubOptions } from './http';
import type { Repository } from './repository';

export interface DownloadOptions extends HubOptions {
  readonly home?: string;
  /** Told with the bytes done of all bytes, and the file in work. */
  readonly onProgress?: (done: number, total: number, file: string) => void;
}

/** What a download is called in the storage folder. */
export const downloadName = ({ name }: Repository, variant: Variant): string => `${name}@${variant.name}`;

/**
 * Downloads a variant into the storage folder. It stands there, whole and checked, or not at all: until then its files
 * are in a folder of their own, where the next attempt finds them.
 * @throws {ModelError} one line that says what to do
 * @throws {DOMException} `AbortError` when the signal fires
 */
export async function download(
  repository: Repository,
  variant: Variant,
  options: DownloadOptions,
): Promise<StoredModel> {
  const { home = homeFolder(), signal } = options;
  const name = downloadName(repository, variant);
  const folder = join(modelsFolder(home), name);
  const unfinished = join(modelsFolder(home), '.downloads', name.replace('/', '--'));
  await mkdir(unfinished, { recursive: true });
  await checkSpace(unfinished, variant.bytes - (await bytesIn(unfinished)));
  const recorded: RecordedFile[] = [];
  let before = 0;
  for (const file of variant.files) {
    const path = join(unfinished, file.path);
    await mkdir(dirname(path), { recursive: true });
    const report = (bytes: number) => options.onProgress?.(before + bytes, variant.bytes, file.path);
    report(0);
    let sha256 = await checked(path, file, signal);
    if (sha256 === undefined) {
      // An older commit of it may be there already, with the same file.
      const there = join(folder, file.path);
      sha256 = await checked(there, file, signal);
      if (sha256 !== undefined) await copyFile(there, path, constants.COPYFILE_FICLONE);
    }
    if (sha256 === undefined) {
      // A part is named by what it is to become: another commit with the same file goes on with it.
      const part = join(unfinished, `.${file.hash.hex}.part`);
      sha256 = await fetchFile(repository, file, part, options, report);
      await rename(part, path);
    }
    before += file.bytes;
    report(0);
    recorded.push({ path: file.path, bytes: file.bytes, sha256 });
  }
  const { licence, revision } = repository;
  await writeRecord(unfinished, {
    source: `${options.endpoint}/${repository.name}`,
    revision,
    added: new Date().toISOString(),
    files: recorded,
    ...(licence === undefined ? {} : { licence }),
  });
  await removeOthers(unfinished, [RECORD_FILE, ...recorded.map(({ path }) => path)]);
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await rename(unfinished, folder);
  return { name, folder };
}

/** @throws {ModelError} that names what is needed and what is free */
async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const gb = (n: number) => `${(n / 1e9).toFixed(1)} GB`;
  throw new ModelError(
    `${gb(bytes)} are needed and ${gb(free)} are free where ${folder} is: STEPLENS_HOME names another place`,
  );
}

/** Files below a folder, relative to it. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await filesIn(folder)).map(async (file) => (await stat(join(folder, file))).size),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

/** What earlier attempts at another commit have left. */
async function removeOthers(folder: string, wanted: readonly string[]): Promise<void> {
  const kept = new Set(wanted.map((file) => join(folder, file)));
  for (const file of await filesIn(folder)) {
    if (!kept.has(join(folder, file))) await rm(join(folder, file), { force: true });
  }
}
