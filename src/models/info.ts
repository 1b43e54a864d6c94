import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFolder, hashFolder } from '../likelihood/onnx/identify';
import { homeFolder } from './home';
import { readObject, writeObject } from './json-file';
import { readRecord } from './record';
import { BUNDLED, type StoredModel } from './store';
import { type Usage, usageOf } from './usage';

/** `packed`: our own scoring graph; `onnx`: the Hugging Face ONNX layout; `weights`: to be imported first; `broken`. */
export type ModelKind = 'packed' | 'onnx' | 'weights' | 'broken';

export interface ModelInfo extends StoredModel {
  readonly kind: ModelKind;
  /** Why it cannot be used. */
  readonly problem?: string;
  /** All files of the folder, in bytes. */
  readonly size: number;
  /** SPDX identifier. */
  readonly licence?: string;
  readonly source?: string;
  /** Tokens that context and target may have together. */
  readonly window?: number;
  /** By which stored rewards name it. */
  readonly sha256?: string;
  readonly usage?: Usage;
}

const HASHES_FILE = 'hashes.json';

/** All that is known of a model. Its hash is calculated once and remembered as long as the files stay the same. */
export async function modelInfo(model: StoredModel, home: string = homeFolder()): Promise<ModelInfo> {
  const [files, record, usage] = await Promise.all([
    filesOf(model.folder),
    readRecord(model.folder),
    usageOf(model.folder, home),
  ]);
  const licence = record?.licence ?? (model.name === BUNDLED ? 'apache-2.0' : await licenceOf(model.folder));
  const known = {
    ...model,
    size: files.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(licence === undefined ? {} : { licence }),
    ...(record ? { source: record.source } : {}),
    ...(usage ? { usage } : {}),
  };
  try {
    const { window } = await describeFolder(model.folder);
    return {
      ...known,
      kind: await graphKind(model.folder),
      window,
      sha256: await hashOf(model.folder, files, home),
    };
  } catch (error) {
    const weights = files.some(({ path }) => /\.(safetensors|gguf)$/.test(path));
    const problem = error instanceof Error ? error.message : String(error);
    return { ...known, kind: weights ? 'weights' : 'broken', problem };
  }
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

async function filesOf(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return { path, bytes: size, mtimeMs };
    }),
  );
}

async function graphKind(folder: string): Promise<ModelKind> {
  const { steplens } = await readObject(join(folder, 'config.json'));
  return (steplens as { graph?: unknown } | null | undefined)?.graph === 'tree' ? 'packed' : 'onnx';
}

async function hashOf(folder: string, files: readonly FoundFile[], home: string): Promise<string> {
  const print = createHash('sha256').update(JSON.stringify(files)).digest('hex');
  const cache = join(home, HASHES_FILE);
  const known = (await readObject(cache))[print];
  if (typeof known === 'string') return known;
  const sha256 = await hashFolder(folder);
  // A folder that cannot be written costs the next look the same time again.
  await writeObject(cache, { ...(await readObject(cache)), [print]: sha256 }).catch(() => undefined);
  return sha256;
}

const MOST_README = 64 * 2 ** 10;

/** The `license` of the front matter of the folder's README.md, as the hub's repositories have it. */
async function licenceOf(folder: string): Promise<string | undefined> {
  const handle = await open(join(folder, 'README.md')).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const buffer = Buffer.alloc(MOST_README);
    const { bytesRead } = await handle.read(buffer, 0, MOST_README, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    const [, front = ''] = /^---\r?\n(.*?)\r?\n---/s.exec(text) ?? [];
    return /^license:\s*["']?([\w.+-]{1,60})["']?\s*$/m.exec(front)?.[1];
  } finally {
    await handle.close();
  }
}
