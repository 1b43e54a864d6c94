import { stat } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { ModelFolderError } from '../model-folder-error';

/**
 * Refuses a graph whose weights alone do not fit the memory, before they are read: what follows otherwise is a process that
 * is killed, or a machine that stands still.
 * @param files graph and data files, relative to the folder
 * @param most what the runtime can hold at all, in bytes
 * @throws {ModelFolderError} that names both sizes
 */
export async function checkMemory(folder: string, files: readonly string[], most: number): Promise<void> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(folder, file))).size));
  const bytes = sizes.reduce((a, b) => a + b, 0);
  const path = join(folder, files[0] ?? '');
  if (bytes > most) {
    throw new ModelFolderError(
      `${path} has ${gib(bytes)}, and ONNX Runtime as WebAssembly holds at most ${gib(most)}: take a smaller model, or the ` +
        'native runtime',
    );
  }
  const free = availableMemory();
  if (bytes > free) {
    throw new ModelFolderError(
      `${path} has ${gib(bytes)}, and of the ${gib(totalmem())} of memory here ${gib(free)} are free: take a smaller model, ` +
        'or close other programs',
    );
  }
}

/** Bytes that a process can still get, with what the system keeps for its file cache. */
export function availableMemory(): number {
  // macOS counts as free only what holds nothing at all, however willingly it would give the rest.
  if (process.platform === 'darwin') return Math.max(freemem(), 0.75 * totalmem());
  const free = process.availableMemory?.() ?? 0; // knows a container's limit; newer than Node 20.0
  return free > 0 ? free : freemem();
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
