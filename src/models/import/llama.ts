/** The shape of a Llama-architecture model, in Hugging Face's names (config.json). */
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
}

/** A dense matrix as PyTorch's nn.Linear keeps it: [rows = out features, cols = in features], row-major. */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

export type LayerMatrix = 'q_proj' | 'k_proj' | 'v_proj' | 'o_proj' | 'gate_proj' | 'up_proj' | 'down_proj';
export type LayerVector = 'input_layernorm' | 'post_attention_layernorm';

/** Where a graph's weights come from. Matrices are made when asked for: all of them at once would take 540 MB. */
export interface LlamaWeights {
  readonly config: LlamaConfig;
  /** Token embeddings [vocab, hidden]; also the LM head (tied). */
  embedding(): Matrix;
  finalNorm(): Float32Array;
  layerMatrix(layer: number, name: LayerMatrix): Matrix;
  layerVector(layer: number, name: LayerVector): Float32Array;
}

/** [rows, cols] → [cols, rows]: ONNX's MatMul wants weights as [in, out]. */
export function transpose({ rows, cols, data }: Matrix): Float32Array {
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) out[c * rows + r] = data[r * cols + c] ?? 0;
  }
  return out;
}
