import { join } from 'node:path';
import { readObject, writeObject } from './json-file';

/** Where a model of the storage folder came from; kept beside its files. */
export interface ModelRecord {
  /** Repository of the hub, or the file or folder that it was imported from. */
  readonly source: string;
  /** Commit of the repository. */
  readonly revision?: string;
  /** An SPDX identifier, as the source says it. */
  readonly licence?: string;
  /** ISO 8601. */
  readonly added: string;
  readonly files: readonly RecordedFile[];
}

export interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export const RECORD_FILE = 'steplens-model.json';

export const writeRecord = (folder: string, record: ModelRecord): Promise<void> =>
  writeObject(join(folder, RECORD_FILE), record);

/** What is known of a model's source; undefined where nobody wrote it down. */
export async function readRecord(folder: string): Promise<ModelRecord | undefined> {
  const { source, revision, licence, added, files } = await readObject(join(folder, RECORD_FILE));
  if (typeof source !== 'string' || typeof added !== 'string') return undefined;
  return {
    source,
    added,
    files: Array.isArray(files) ? files.filter(isRecordedFile) : [],
    ...(typeof revision === 'string' ? { revision } : {}),
    ...(typeof licence === 'string' ? { licence } : {}),
  };
}

function isRecordedFile(value: unknown): value is RecordedFile {
  const { path, bytes, sha256 } = (value ?? {}) as Partial<Record<keyof RecordedFile, unknown>>;
  return typeof path === 'string' && typeof bytes === 'number' && typeof sha256 === 'string';
}
