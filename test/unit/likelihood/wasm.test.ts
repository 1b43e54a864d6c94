import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { LikelihoodModel, LikelihoodRequest } from '../../../src/likelihood/likelihood-model';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { openRuntime } from '../../../src/likelihood/onnx/runtime';
import { int8 } from '../../../src/models/import/precision/int8';
import { largestDifference, textOf } from '../../support/separate';
import { writeTinyHf } from '../../support/tiny-hf';
import { writeTinyModel } from '../../support/tiny-llama';

const folders: string[] = [];
const keep = (folder: string): string => {
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Contexts that share beginnings and part, so that masks, positions and caches all matter. */
const requests: LikelihoodRequest[] = [
  ['abc ', 'def 01'],
  ['abc ', 'fed'],
  ['abc '],
  ['0'.repeat(90), 'a b'],
].flatMap((pieces) => ['12', '1f e', 'ab'].map((target) => ({ context: textOf(pieces), target })));

async function scoresOf(folder: string, choice: 'native' | 'wasm') {
  const { runtime } = await openRuntime(choice);
  const model: LikelihoodModel = await loadModel(folder, { runtime, threads: 1 });
  try {
    return { id: model.id, ...(await model.score(requests)) };
  } finally {
    await model.dispose();
  }
}

describe('ONNX Runtime as WebAssembly scores as the native one does', () => {
  it.each<[kind: string, make: () => string, tolerance: number]>([
    ['our own graph, 32 bits', () => writeTinyModel(), 5e-5],
    ['our own graph, 8 bits', () => writeTinyModel(int8()), 5e-2],
    ['Hugging Face layout, plain attention', () => writeTinyHf({ attention: 'plain' }), 5e-5],
    ['Hugging Face layout, GroupQueryAttention', () => writeTinyHf({ attention: 'gqa' }), 5e-5],
  ])('%s', async (_, make, tolerance) => {
    const folder = keep(make());
    const [native, wasm] = [await scoresOf(folder, 'native'), await scoresOf(folder, 'wasm')];
    expect(largestDifference(native.likelihoods, wasm.likelihoods)).toBeLessThan(tolerance);
    expect(wasm.work).toEqual(native.work);
    expect(wasm.id).toEqual({ ...native.id, runtime: 'wasm' });
    expect(native.id.runtime).toBe('native');
  });

  it('and refuses weights that it could not hold, before reading them', async () => {
    const folder = keep(writeTinyModel());
    truncateSync(join(folder, 'model.0.bin'), 3 * 2 ** 30); // sparse: it takes no room on the disk
    await expect(scoresOf(folder, 'wasm')).rejects.toThrow(
      /has 3.0 GiB, and .* WebAssembly holds at most 1.8 GiB/,
    );
  });

  it('as the native one does weights that are larger than the memory, and names both', async () => {
    const folder = keep(writeTinyModel());
    truncateSync(join(folder, 'model.0.bin'), 8 * 2 ** 40);
    await expect(scoresOf(folder, 'native')).rejects.toThrow(
      /has 8192.0 GiB, and of the \d+.\d GiB of memory here/,
    );
  });
});
