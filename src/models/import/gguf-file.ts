import { basename } from 'node:path';
import { GGMLQuantizationType, gguf } from '@huggingface/gguf';
import { BLOCK_TYPES } from './gguf-blocks';
import { ModelImportError } from './import-error';
import { PlacedFile, type StoredTensor, type Tensors } from './tensors';

export type Metadata = Readonly<Record<string, unknown>>;

export interface GgufFile extends Tensors {
  readonly metadata: Metadata;
}

/**
 * Opens a GGUF file.
 * @throws {ModelImportError} where it is none, is cut off, is one part of several, or has a tensor that cannot be read
 */
export async function openGguf(path: string): Promise<GgufFile> {
  const name = basename(path);
  const found = await gguf(path, { allowLocalFile: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelImportError(`${name} is no readable GGUF file: ${reason}`);
  });
  const metadata: Metadata = { ...found.metadata };
  if (metadata['general.architecture'] === undefined) {
    throw new ModelImportError(`${name} is cut off or damaged: it names no architecture`);
  }
  const parts = Number(metadata['split.count'] ?? 1);
  if (parts > 1) {
    throw new ModelImportError(
      `${name} is one of ${parts} parts; join them first, for example with llama-gguf-split --merge`,
    );
  }
  const file = new PlacedFile(path);
  const byName = new Map<string, StoredTensor>();
  try {
    for (const info of found.tensorInfos) {
      const start = Number(found.tensorDataOffset + info.offset);
      const dims = info.shape.map(Number).reverse(); // GGUF names the fastest dimension first
      byName.set(info.name, stored(file, info.name, GGMLQuantizationType[info.dtype], dims, start));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return { metadata, byName, close: () => file.close() };
}

function stored(
  file: PlacedFile,
  name: string,
  typeName: string | undefined,
  dims: readonly number[],
  start: number,
): StoredTensor {
  const type = BLOCK_TYPES[typeName ?? ''];
  if (!type) {
    throw new ModelImportError(
      `${name} is stored as ${typeName ?? 'an unknown type'}; what can be read is ${Object.keys(BLOCK_TYPES).join(', ')}`,
    );
  }
  const [rows = 1] = dims.length > 1 ? dims : [1];
  const row = dims.reduce((size, dim) => size * dim, 1) / rows;
  const rowBytes = (row / type.values) * type.bytes;
  if (!Number.isInteger(rowBytes) || start + rows * rowBytes > file.size) {
    throw new ModelImportError(`${basename(file.path)} is cut off or damaged: ${name} does not fit into it`);
  }
  return {
    dims,
    read: (from, to) => type.read(file.read(start + from * rowBytes, (to - from) * rowBytes)),
  };
}
