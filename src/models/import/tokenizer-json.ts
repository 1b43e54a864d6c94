import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelImportError } from './import-error';

/** Files of a tokenizer, by name, as they are written. */
export type JsonFiles = Readonly<Record<string, string>>;

/** Copied where they are there; the first has to be. */
const FILES = ['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja'] as const;
const MAX_BYTES = 256 * 2 ** 20;

/** @throws {ModelImportError} where there is no tokenizer.json */
export async function readTokenizerFiles(folder: string): Promise<JsonFiles> {
  if (!existsSync(join(folder, FILES[0]))) {
    throw new ModelImportError(
      `${folder} has no tokenizer.json; transformers' AutoTokenizer makes one with save_pretrained`,
    );
  }
  const files: Record<string, string> = {};
  for (const name of FILES) {
    const path = join(folder, name);
    if (!existsSync(path)) continue;
    if ((await stat(path)).size > MAX_BYTES) throw new ModelImportError(`${name} is impossibly large`);
    files[name] = await readFile(path, 'utf8');
  }
  return files;
}
