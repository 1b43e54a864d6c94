import { ModelImportError } from './import-error';
import {
  type LayerMatrix,
  type LayerVector,
  type LlamaConfig,
  type LlamaWeights,
  type Matrix,
  matrixShape,
} from './llama';
import type { StoredTensor, Tensors } from './tensors';

/** What a weight file calls its tensors. */
export interface TensorNames {
  readonly embedding: string;
  readonly head: string;
  readonly finalNorm: string;
  /** The name without `.weight` or `.bias`. */
  layer(layer: number, part: LayerMatrix | LayerVector): string;
  /** Tensors that are there and say nothing that the config does not. */
  readonly ignored: RegExp;
}

export interface WeightOptions {
  readonly names: TensorNames;
  /** Whether the LM head is the embeddings. */
  readonly tied: boolean;
  /** Whether the rows of q and k are in the order that llama.cpp's converter gives them. */
  readonly permuted: boolean;
  /** Matrices whose products something is added to. Default: those that have a bias among the tensors. */
  readonly biases?: readonly LayerMatrix[];
}

export const MATRICES = [
  'q_proj',
  'k_proj',
  'v_proj',
  'o_proj',
  'gate_proj',
  'up_proj',
  'down_proj',
] as const;

/**
 * A model's weights out of its tensors. All of them are looked at before any is read: a tensor that is missing, has another
 * shape, or has no place in the architecture means that the graph would compute something else.
 * @throws {ModelImportError} which names the tensor
 */
export function tensorWeights(tensors: Tensors, config: LlamaConfig, options: WeightOptions): LlamaWeights {
  checkHeads(config);
  const { names, tied, permuted, biases } = options;
  const taken = new Set<string>();
  const take = (name: string, dims: readonly number[]): StoredTensor => {
    const tensor = tensors.byName.get(name);
    if (!tensor) throw new ModelImportError(`the tensor ${name} is missing`);
    if (tensor.dims.join() !== dims.join()) {
      throw new ModelImportError(
        `${name} has the shape [${tensor.dims.join()}], which by the config should be [${dims.join()}]`,
      );
    }
    taken.add(name);
    return tensor;
  };
  const matrix = (name: string, rows: number, cols: number): Matrix => {
    const tensor = take(name, [rows, cols]);
    return { rows, cols, read: (from = 0, to = rows) => tensor.read(from, to) };
  };
  const vector = (name: string, length: number): Float32Array => take(name, [length]).read(0, 1);
  const isPermuted = (part: LayerMatrix) => permuted && (part === 'q_proj' || part === 'k_proj');

  const { vocab_size: vocabulary, hidden_size: hidden, head_dim: dim } = config;
  const weights: LlamaWeights = {
    config,
    embedding: () => matrix(names.embedding, vocabulary, hidden),
    head: () => (tied ? undefined : matrix(names.head, vocabulary, hidden)),
    finalNorm: () => vector(names.finalNorm, hidden),
    layerMatrix(layer, part) {
      const found = matrix(`${names.layer(layer, part)}.weight`, ...matrixShape(config, part));
      return isPermuted(part) ? unpermute(found, dim) : found;
    },
    layerBias(layer, part) {
      const name = `${names.layer(layer, part)}.bias`;
      if (!(biases ? biases.includes(part) : tensors.byName.has(name))) return undefined;
      const [length] = matrixShape(config, part);
      const bias = vector(name, length);
      return isPermuted(part) ? unpermuteRows(bias, length, 1, dim) : bias;
    },
    layerVector: (layer, part) =>
      vector(`${names.layer(layer, part)}.weight`, part === 'q_norm' || part === 'k_norm' ? dim : hidden),
  };

  weights.embedding();
  weights.head();
  weights.finalNorm();
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const part of MATRICES) {
      weights.layerMatrix(layer, part);
      weights.layerBias(layer, part);
    }
    const vectors: LayerVector[] = ['input_layernorm', 'post_attention_layernorm'];
    if (config.qk_norm) vectors.push('q_norm', 'k_norm');
    for (const part of vectors) weights.layerVector(layer, part);
  }
  for (const name of tensors.byName.keys()) {
    if (taken.has(name) || names.ignored.test(name) || (tied && name === names.head)) continue;
    throw new ModelImportError(`the tensor ${name} has no place in this architecture`);
  }
  return weights;
}

/** What ONNX Runtime's GroupQueryAttention takes. */
function checkHeads(config: LlamaConfig): void {
  const { head_dim: dim, num_attention_heads: heads, num_key_value_heads: kvHeads } = config;
  if (dim % 8 !== 0) throw new ModelImportError(`a head has ${dim} dimensions, which is no multiple of 8`);
  if (heads % kvHeads !== 0) {
    throw new ModelImportError(`${heads} heads cannot share ${kvHeads} heads of keys and values`);
  }
}

/**
 * llama.cpp's converter reorders the rows of q and k so that rotary pairs are neighbours (row 2i+half) where Hugging Face
 * keeps the halves apart (row half·d/2+i). This takes it back, head by head.
 */
function unpermute(matrix: Matrix, headDim: number): Matrix {
  const { rows, cols } = matrix;
  return {
    rows,
    cols,
    read(from = 0, to = rows) {
      const first = from - (from % headDim); // whole heads
      const last = Math.ceil(to / headDim) * headDim;
      const heads = unpermuteRows(matrix.read(first, last), last - first, cols, headDim);
      return heads.subarray((from - first) * cols, (to - first) * cols);
    },
  };
}

function unpermuteRows(data: Float32Array, rows: number, cols: number, headDim: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const within = row % headDim;
    const source = row - within + (within % (headDim / 2)) * 2 + Math.floor(within / (headDim / 2));
    out.set(data.subarray(source * cols, (source + 1) * cols), row * cols);
  }
  return out;
}
