import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { withAdapter } from '../../../src/models/import/adapter';
import { type LlamaWeights, matrixOf } from '../../../src/models/import/llama';
import { OnnxGraph } from '../../../src/models/import/onnx-graph';
import { fp32 } from '../../../src/models/import/precision/fp32';
import { int8 } from '../../../src/models/import/precision/int8';
import { scoringGraph } from '../../../src/models/import/scoring-graph';
import { smooth } from '../../../src/models/import/smooth';
import type { StoredTensor, Tensors } from '../../../src/models/import/tensors';
import { TINY, tinyWeights, writeTinyModel } from '../../support/tiny-llama';

const RANK = 3;

function tensor(dims: readonly number[], seed: number): StoredTensor {
  const values = new Float32Array(dims.reduce((a, b) => a * b, 1)).map(
    (_, i) => Math.sin(seed + 1.7 * i) / 8,
  );
  const width = dims[1] ?? 1;
  return { dims, read: (from, to) => values.subarray(from * width, to * width) };
}

const tensors = (entries: readonly (readonly [string, StoredTensor])[]): Tensors => ({
  byName: new Map(entries),
  close: () => undefined,
});

/** Changes the second layer's queries, values and way down. */
const adapter = tensors([
  ['layers.1.q.a', tensor([RANK, 64], 1)],
  ['layers.1.q.b', tensor([64, RANK], 2)],
  ['layers.1.v.a', tensor([RANK, 64], 3)],
  ['layers.1.v.b', tensor([32, RANK], 4)],
  ['layers.1.down.a', tensor([RANK, 96], 5)],
  ['layers.1.down.b', tensor([64, RANK], 6)],
]);

/** The same model with the changes added to its matrices. */
function merged(weights: LlamaWeights): LlamaWeights {
  const adapted = withAdapter(weights, adapter);
  return {
    ...weights,
    layerMatrix(layer, name) {
      const matrix = weights.layerMatrix(layer, name);
      const change = adapted.lowRank?.(layer, name);
      if (!change) return matrix;
      const [a, b] = [change.a.read(), change.b.read()];
      const sum = matrix.read().map((value, i) => {
        const [row, col] = [Math.floor(i / matrix.cols), i % matrix.cols];
        let total = value;
        for (let r = 0; r < RANK; r++) total += (b[row * RANK + r] ?? 0) * (a[r * matrix.cols + col] ?? 0);
        return total;
      });
      return matrixOf(matrix.rows, matrix.cols, sum);
    },
  };
}

const folder = writeTinyModel();
afterAll(() => rmSync(folder, { recursive: true }));

async function score(graph: string): Promise<number[]> {
  const model = await loadModel(join(folder, `${graph}.onnx`), { threads: 1 });
  const targets = ['42', '41', 'so it is 7'];
  const { likelihoods } = await model.score(
    targets.map((target) => ({ context: { piece: 'one and one' }, target })),
  );
  await model.dispose();
  return likelihoods.map(({ logProb }) => logProb);
}

describe('an adapter', () => {
  it('gives what its changes give where they are added to the weights, smoothed or not', async () => {
    const weights = tinyWeights();
    const adapted = withAdapter(weights, adapter);
    const peaks = (layer: number) =>
      new Float32Array(96).map((_, i) => 1 + Math.abs(Math.sin(layer + i)) * 4);
    scoringGraph(merged(weights), fp32(), new OnnxGraph(folder, 'merged')).write();
    scoringGraph(adapted, fp32(), new OnnxGraph(folder, 'adapted')).write();
    scoringGraph(smooth(adapted, peaks), fp32(), new OnnxGraph(folder, 'smoothed')).write();
    const expected = await score('merged');
    const plain = await score('model');
    expect(Math.max(...expected.map((value, i) => Math.abs(value - (plain[i] ?? 0))))).toBeGreaterThan(0.05);
    for (const graph of ['adapted', 'smoothed']) {
      for (const [i, value] of (await score(graph)).entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 4);
    }
  });

  it.each([
    fp32,
    int8,
  ])('shares the weights of the graph without it: only its own are written', async (kind) => {
    const base = new OnnxGraph(folder, 'base');
    scoringGraph(tinyWeights(), kind(), base).write();
    const sharing = new OnnxGraph(folder, 'sharing', undefined, base.placed);
    scoringGraph(withAdapter(tinyWeights(), adapter), kind(), sharing).write();
    expect(statSync(join(folder, 'sharing.0.bin')).size).toBeLessThan(40_000);
    expect(existsSync(join(folder, 'sharing.1.bin'))).toBe(false);
    expect(readFileSync(join(folder, 'sharing.onnx')).includes('base.0.bin')).toBe(true);
    scoringGraph(withAdapter(tinyWeights(), adapter), kind(), new OnnxGraph(folder, 'own')).write();
    expect(await score('sharing')).toEqual(await score('own'));
  });

  it('is refused where it does not fit the model', () => {
    const weights = tinyWeights();
    expect(() => withAdapter(weights, tensors([['layers.2.q.a', tensor([RANK, 64], 1)]]))).toThrow(
      'the adapter has layers.2.q.a, the model no such part',
    );
    expect(() => withAdapter(weights, tensors([['layers.0.q.a', tensor([RANK, 64], 1)]]))).toThrow(
      `the adapter's layers.0.q is not a change of a matrix [64, ${TINY.hidden_size}]`,
    );
  });
});
