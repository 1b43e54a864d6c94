import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { readKvGraph } from '../../../src/likelihood/onnx/kv-graph';
import { type Probed, probeKv } from '../../../src/likelihood/onnx/kv-probe';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { readConfig } from '../../../src/likelihood/onnx/model-config';
import { blocks } from '../../../src/models/import/precision/blocks';
import { int8 } from '../../../src/models/import/precision/int8';
import { perTensor } from '../../support/per-tensor';
import { scoreSeparately } from '../../support/separate';
import { type TinyHfOptions, writeTinyHf } from '../../support/tiny-hf';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const write = (options: TinyHfOptions): string => {
  const folder = writeTinyHf(options);
  folders.push(folder);
  return folder;
};

async function probe(options: TinyHfOptions): Promise<Probed> {
  const folder = write(options);
  const file = join(folder, 'onnx/model.onnx');
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  try {
    return await probeKv(session, readKvGraph(session, await readConfig(folder, file), file), file);
  } finally {
    await session.release();
  }
}

describe('what a graph is seen to do', () => {
  it.each<[string, TinyHfOptions, Omit<Probed, 'vocabulary'>]>([
    ['plain attention', {}, { batches: 'padded', independent: true }],
    ['16-bit floats', { floats: 'f16' }, { batches: 'padded', independent: true }],
    ['4-bit blocks', { precision: blocks(4) }, { batches: 'padded', independent: true }],
    ['8 bits, a scale for each token', { precision: int8() }, { batches: 'padded', independent: true }],
    ['GroupQueryAttention', { attention: 'gqa' }, { batches: 'single-token', independent: true }],
    [
      '8 bits, a scale for each run',
      { attention: 'gqa', precision: perTensor() },
      { batches: 'none', independent: false },
    ],
  ])('%s', async (_, options, expected) => {
    expect(await probe(options)).toEqual({ vocabulary: 128, ...expected });
  });

  it('is that it forgets where it was, which is refused', async () => {
    await expect(probe({ positionIds: false, forgetful: true })).rejects.toThrow(
      /model\.onnx cannot be used: a text that goes on from the cache scores unlike/,
    );
  });
});

describe('a graph in which a run’s tokens change each other’s scores', () => {
  it('runs each request alone, so that its score is its own, and says what that costs', async () => {
    const model = await loadModel(write({ precision: perTensor() }));
    const requests = ['abc', 'abc def', 'abc def 012'].flatMap((piece) =>
      ['12', '1f'].map((target) => ({ context: { piece }, target })),
    );
    const seen: number[][] = [];
    const { likelihoods, work } = await model.score(requests, {
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(likelihoods).toEqual(await scoreSeparately(model, requests));
    expect(likelihoods).toEqual((await model.score(requests.toReversed())).likelihoods.toReversed());
    const fed = 2 * (3 + 7 + 11) + 6;
    expect(work).toEqual({
      naivePositions: fed + 6,
      distinctPositions: 11 + 9,
      computedPositions: fed,
      passes: 6,
    });
    expect(seen.at(-1)).toEqual([fed, fed]);
    await model.dispose();
  });
});
