import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFolderError } from '../model-folder-error';
import { readConfig } from './model-config';
import { dataFiles, findModelFiles, hashFiles } from './model-files';
import { loadTokenizer } from './tokenizer';

/** What can be said of a model folder without loading the model. */
export interface FolderContents {
  /** For people, as stored rewards name the model. */
  readonly name: string;
  /** Positions that the model was made for. */
  readonly window: number;
  /** Graph, weights and tokenizer, relative to the folder. */
  readonly files: readonly string[];
  /** Of these files. */
  readonly bytes: number;
}

/** @throws {ModelFolderError} as loading it would, as far as that is seen without the runtime */
export async function describeFolder(path: string): Promise<FolderContents> {
  const found = await findModelFiles(path);
  const { name, window } = await readConfig(found.folder, found.graph);
  const files = [found.graph, ...dataFiles(found), 'tokenizer.json'];
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(found.folder, file)).catch(() => undefined))?.size),
  );
  const missing = files.find((_, i) => sizes[i] === undefined);
  if (missing !== undefined) throw new ModelFolderError(`${found.folder}: ${missing} is missing`);
  return { name, window, files, bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) };
}

/** The SHA-256 by which stored rewards name the model. Reads all its files. @throws {ModelFolderError} */
export async function hashFolder(path: string): Promise<string> {
  const { folder } = await findModelFiles(path);
  const { files } = await describeFolder(path);
  const { start } = await loadTokenizer(folder).catch((error: unknown) => {
    throw new ModelFolderError(
      `${folder}: cannot read the tokenizer: ${error instanceof Error ? error.message : error}`,
    );
  });
  return hashFiles(folder, files, start);
}
