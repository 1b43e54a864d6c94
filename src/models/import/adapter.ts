import { ModelImportError } from './import-error';
import { type LayerMatrix, type LlamaWeights, type LowRank, type Matrix, matrixShape } from './llama';
import type { StoredTensor, Tensors } from './tensors';

/** How scripts/labeller names the parts of a layer. */
const PARTS: { readonly [K in LayerMatrix]: string } = {
  q_proj: 'q',
  k_proj: 'k',
  v_proj: 'v',
  o_proj: 'o',
  gate_proj: 'gate',
  up_proj: 'up',
  down_proj: 'down',
};

/**
 * A model with an adapter on it, as scripts/labeller trains one: tensors `layers.<n>.<part>.a` [rank, in] and `.b`
 * [out, rank]. Layers and parts that it does not name stay as they are.
 * @throws {ModelImportError} where a tensor does not fit the model
 */
export function withAdapter(weights: LlamaWeights, { byName }: Tensors): LlamaWeights {
  const { config } = weights;
  const known = new Set<string>();
  const changes = Array.from({ length: config.num_hidden_layers }, (_, layer) => {
    const parts = (Object.keys(PARTS) as LayerMatrix[]).map((part) => {
      const name = `layers.${layer}.${PARTS[part]}`;
      known.add(`${name}.a`).add(`${name}.b`);
      return [part, lowRank(name, matrixShape(config, part), byName)] as const;
    });
    return new Map(parts);
  });
  const stranger = [...byName.keys()].find((name) => !known.has(name));
  if (stranger !== undefined)
    throw new ModelImportError(`the adapter has ${stranger}, the model no such part`);
  return { ...weights, lowRank: (layer, part) => changes[layer]?.get(part) };
}

function lowRank(
  name: string,
  [outputs, inputs]: readonly [number, number],
  tensors: Tensors['byName'],
): LowRank | undefined {
  const [a, b] = [tensors.get(`${name}.a`), tensors.get(`${name}.b`)];
  if (!a && !b) return undefined;
  const rank = a?.dims[0] ?? 0;
  const fits = (tensor: StoredTensor | undefined, rows: number, cols: number): tensor is StoredTensor =>
    tensor?.dims.length === 2 && tensor.dims[0] === rows && tensor.dims[1] === cols;
  if (rank > 0 && fits(a, rank, inputs) && fits(b, outputs, rank)) {
    return { a: matrixOfTensor(a, rank, inputs), b: matrixOfTensor(b, outputs, rank) };
  }
  throw new ModelImportError(`the adapter's ${name} is not a change of a matrix [${outputs}, ${inputs}]`);
}

const matrixOfTensor = (tensor: StoredTensor, rows: number, cols: number): Matrix => ({
  rows,
  cols,
  read: (from = 0, to = rows) => tensor.read(from, to),
});
