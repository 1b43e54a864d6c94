import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJsonObject } from '../../likelihood/onnx/read-json';
import { FLOAT_TYPES } from './float-types';
import { ModelImportError } from './import-error';
import { PlacedFile, type StoredTensor, type Tensors } from './tensors';

/** The list of tensors of a file; those of the largest models have a few megabytes. */
const MAX_HEADER = 128 * 2 ** 20;
const INDEX = 'model.safetensors.index.json';

/**
 * Opens the safetensors weights of a model folder: model.safetensors, or the parts that the index names.
 * @throws {ModelImportError} where a part is missing, cut off or outside the folder, or a tensor cannot be read
 */
export async function openSafetensors(folder: string): Promise<Tensors> {
  const names = await weightFiles(folder);
  const files: PlacedFile[] = [];
  const close = () => {
    for (const file of files) file.close();
  };
  const byName = new Map<string, StoredTensor>();
  try {
    for (const name of names) {
      if (!existsSync(join(folder, name))) throw new ModelImportError(`${name} is missing in ${folder}`);
      const file = new PlacedFile(join(folder, name));
      files.push(file);
      for (const [tensor, stored] of tensorsOf(file)) {
        if (byName.has(tensor)) throw new ModelImportError(`${tensor} is in two of the weight files`);
        byName.set(tensor, stored);
      }
    }
    return { byName, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function weightFiles(folder: string): Promise<string[]> {
  if (existsSync(join(folder, INDEX))) {
    const index = await readJsonObject(join(folder, INDEX), MAX_HEADER).catch((error: Error) => {
      throw new ModelImportError(error.message);
    });
    const map = index.weight_map;
    const names = typeof map === 'object' && map !== null ? [...new Set(Object.values(map))] : [];
    const wrong = names.find((name) => typeof name !== 'string' || !/^[\w.-]+\.safetensors$/.test(name));
    if (names.length === 0 || wrong !== undefined) {
      throw new ModelImportError(`${INDEX} names no safetensors files of its own folder`);
    }
    return names.map(String).sort();
  }
  if (existsSync(join(folder, 'model.safetensors'))) return ['model.safetensors'];
  const found = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  const [only] = found;
  if (only !== undefined && found.length === 1) return [only];
  throw new ModelImportError(
    found.length === 0
      ? `${folder} has no model.safetensors`
      : `${folder} has several safetensors files and no ${INDEX} that says how they belong together`,
  );
}

/** A safetensors file: 8 bytes length of the header, the header as JSON, the tensors' bytes. */
function tensorsOf(file: PlacedFile): [string, StoredTensor][] {
  const damaged = () => new ModelImportError(`${basename(file.path)} is cut off or no safetensors file`);
  if (file.size < 8) throw damaged();
  const length = Number(file.read(0, 8).readBigUInt64LE());
  if (length > MAX_HEADER || 8 + length > file.size) throw damaged();
  let header: unknown;
  try {
    header = JSON.parse(file.read(8, length).toString('utf8'));
  } catch {
    throw damaged();
  }
  if (typeof header !== 'object' || header === null) throw damaged();
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, info]: [string, unknown]) => [name, stored(file, 8 + length, name, info)]);
}

function stored(file: PlacedFile, dataAt: number, name: string, info: unknown): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (info ?? {}) as Readonly<Record<string, unknown>>;
  const damaged = () => new ModelImportError(`${basename(file.path)}: ${name} is damaged`);
  if (!isSizes(shape) || !isSizes(offsets)) throw damaged();
  const type = Object.hasOwn(FLOAT_TYPES, String(dtype))
    ? FLOAT_TYPES[String(dtype) as keyof typeof FLOAT_TYPES]
    : undefined;
  if (!type) {
    throw new ModelImportError(
      `${name} is stored as ${String(dtype).slice(0, 40)}; what can be read is ${Object.keys(FLOAT_TYPES).join(', ')}`,
    );
  }
  const [start = 0, end = 0] = offsets;
  const values = shape.reduce((size, dim) => size * dim, 1);
  if (end - start !== values * type.bytes) throw damaged();
  if (dataAt + end > file.size) {
    throw new ModelImportError(`${basename(file.path)} is cut off: ${name} does not fit into it`);
  }
  const [rows = 1] = shape.length > 1 ? shape : [1];
  const rowBytes = (values / rows) * type.bytes;
  return {
    dims: shape,
    read: (from, to) => type.read(file.read(dataAt + start + from * rowBytes, (to - from) * rowBytes)),
  };
}

const isSizes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
