import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openGgufModel } from './gguf-source';
import { openHuggingFace } from './hf-source';
import { ModelImportError } from './import-error';
import type { ModelSource } from './model-source';

/**
 * Opens what is to be imported: a GGUF file, a folder with one, or a folder with config.json and safetensors weights.
 * @throws {ModelImportError} where it is none of these, or a model that is not known
 */
export async function openSource(path: string): Promise<ModelSource> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new ModelImportError(`${path}: there is no such file or folder`);
  if (stats.isFile()) {
    if (isGguf(path)) return openGgufModel(path);
    if (path.endsWith('.safetensors')) return openHuggingFace(dirname(path));
    throw new ModelImportError(`${path} is neither a GGUF file nor safetensors`);
  }
  const names = readdirSync(path);
  const ggufs = names.filter((name) => name.endsWith('.gguf'));
  if (names.some((name) => name.endsWith('.safetensors'))) return openHuggingFace(path);
  const [only] = ggufs;
  if (only !== undefined && ggufs.length === 1) return openGgufModel(join(path, only));
  if (ggufs.length > 1) {
    throw new ModelImportError(
      `${path} has several GGUF files (${ggufs.slice(0, 5).join(', ')}); name one of them`,
    );
  }
  if (names.some((name) => /\.(bin|pt|pth)$/.test(name))) {
    throw new ModelImportError(
      `${path} has its weights as PyTorch pickles, which are programs and not opened; save it as safetensors`,
    );
  }
  throw new ModelImportError(`${path} has neither safetensors weights nor a GGUF file`);
}

function isGguf(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(4);
    readSync(fd, magic, 0, 4, 0);
    return magic.toString('latin1') === 'GGUF';
  } finally {
    closeSync(fd);
  }
}
