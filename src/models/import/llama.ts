/** How the frequencies of rotary position embedding differ from θ^(−2i/d), in Hugging Face's names where it has them. */
export type RopeScaling =
  | { readonly rope_type: 'linear'; readonly factor: number }
  | {
      readonly rope_type: 'llama3';
      readonly factor: number;
      readonly low_freq_factor: number;
      readonly high_freq_factor: number;
      readonly original_max_position_embeddings: number;
    }
  /** One factor a frequency, as GGUF files carry them: what `llama3` comes to. */
  | { readonly rope_type: 'factors'; readonly factors: readonly number[] };

/** The shape of a model of Llama's family, in Hugging Face's names (config.json). */
export interface LlamaConfig {
  readonly num_hidden_layers: number;
  readonly hidden_size: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly intermediate_size: number;
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
  readonly rope_scaling?: RopeScaling;
  /** One a layer, 0 where a layer has no rotary embedding (SmolLM3). */
  readonly no_rope_layers?: readonly number[];
  /** Whether each head's queries and keys are normalised (Qwen3). */
  readonly qk_norm?: boolean;
}

/**
 * A dense matrix as PyTorch's nn.Linear keeps it: [rows = out features, cols = in features], row-major. Its values are read
 * when they are asked for, some rows of them: a large model does not fit into memory as floats.
 */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** Rows `from` to before `to`; all where nothing is said. */
  read(from?: number, to?: number): Float32Array;
}

export type LayerMatrix = 'q_proj' | 'k_proj' | 'v_proj' | 'o_proj' | 'gate_proj' | 'up_proj' | 'down_proj';
/** `q_norm` and `k_norm` have a head's dimension, the others the hidden size. */
export type LayerVector = 'input_layernorm' | 'post_attention_layernorm' | 'q_norm' | 'k_norm';

/** Where a graph's weights come from. They are read when they are written: all of them at once would take 540 MB. */
export interface LlamaWeights {
  readonly config: LlamaConfig;
  /** Token embeddings [vocab, hidden]. */
  embedding(): Matrix;
  /** The LM head [vocab, hidden]; undefined where that is the embeddings (tied). */
  head(): Matrix | undefined;
  finalNorm(): Float32Array;
  layerMatrix(layer: number, name: LayerMatrix): Matrix;
  /** What is added to a matrix's product, where the model has that. */
  layerBias(layer: number, name: LayerMatrix): Float32Array | undefined;
  layerVector(layer: number, name: LayerVector): Float32Array;
  /** What an adapter changes a matrix by; undefined where it leaves it alone. Absent where there is no adapter. */
  lowRank?(layer: number, name: LayerMatrix): LowRank | undefined;
}

/** A change of low rank (LoRA, arXiv 2106.09685): with it the product is x · Wᵀ + (x · Aᵀ) · Bᵀ. */
export interface LowRank {
  /** [rank, in]. */
  readonly a: Matrix;
  /** [out, rank]. */
  readonly b: Matrix;
}

/** [out, in] of a linear layer, by the model's shape. */
export function matrixShape(config: LlamaConfig, part: LayerMatrix): readonly [number, number] {
  const { hidden_size: hidden, intermediate_size: inner, head_dim: dim } = config;
  const queries = config.num_attention_heads * dim;
  const keys = config.num_key_value_heads * dim;
  switch (part) {
    case 'q_proj':
      return [queries, hidden];
    case 'k_proj':
    case 'v_proj':
      return [keys, hidden];
    case 'o_proj':
      return [hidden, queries];
    case 'gate_proj':
    case 'up_proj':
      return [inner, hidden];
    case 'down_proj':
      return [hidden, inner];
  }
}

/** A matrix whose values are in memory. */
export function matrixOf(rows: number, cols: number, data: Float32Array): Matrix {
  return { rows, cols, read: (from = 0, to = rows) => data.subarray(from * cols, to * cols) };
}

/** Floats that are read at once. */
const BLOCK = 4 * 2 ** 20;

/** The matrix in blocks of rows, each with the index of its first row. */
export function* rowBlocks(matrix: Matrix): Generator<{ from: number; to: number; data: Float32Array }> {
  const step = Math.max(1, Math.floor(BLOCK / matrix.cols));
  for (let from = 0; from < matrix.rows; from += step) {
    const to = Math.min(matrix.rows, from + step);
    yield { from, to, data: matrix.read(from, to) };
  }
}

/** [rows, cols] → [cols, rows]: ONNX's MatMul wants weights as [in, out]. */
export function transpose(matrix: Matrix): Float32Array {
  const { rows, cols } = matrix;
  const out = new Float32Array(rows * cols);
  for (const { from, to, data } of rowBlocks(matrix)) {
    for (let r = from; r < to; r++) {
      for (let c = 0; c < cols; c++) out[c * rows + r] = data[(r - from) * cols + c] ?? 0;
    }
  }
  return out;
}
