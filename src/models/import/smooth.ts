import { type LayerMatrix, type LlamaWeights, type Matrix, rowBlocks } from './llama';

/** For each linear layer's input, the largest magnitude of each channel over the calibration texts. */
export type ActivationPeaks = (layer: number, part: LayerMatrix) => Float32Array;

/** Share of the activations' range that moves into the weights. */
const ALPHA = 0.5;

/**
 * The same model with its activation outliers moved into the weights (SmoothQuant, arXiv 2211.10438, equation 4): each
 * channel of a linear layer's input is divided by s and the matching column of the weight is multiplied by it, where the
 * division is absorbed by what produces the input: a norm's weight, or the rows of v_proj and up_proj. In exact
 * arithmetic nothing changes; with one 8-bit scale per token, small channels keep their digits beside large ones.
 */
export function smooth(weights: LlamaWeights, peaks: ActivationPeaks): LlamaWeights {
  const { config } = weights;
  const attention = (layer: number) =>
    scales(peaks(layer, 'q_proj'), matrices(layer, ['q_proj', 'k_proj', 'v_proj']));
  const mlp = (layer: number) => scales(peaks(layer, 'gate_proj'), matrices(layer, ['gate_proj', 'up_proj']));
  const down = (layer: number) => scales(peaks(layer, 'down_proj'), matrices(layer, ['down_proj']));
  const matrices = (layer: number, parts: LayerMatrix[]) =>
    parts.map((part) => weights.layerMatrix(layer, part));

  /** Query heads of a group read the same value head, so they share its scales. */
  const values = (layer: number): Float32Array => {
    const group = config.num_attention_heads / config.num_key_value_heads;
    const perHead = scales(peaks(layer, 'o_proj'), matrices(layer, ['o_proj']));
    return new Float32Array(config.num_key_value_heads * config.head_dim).map((_, i) => {
      const head = Math.floor(i / config.head_dim);
      let product = 1;
      for (let g = 0; g < group; g++) {
        product *= perHead[(head * group + g) * config.head_dim + (i % config.head_dim)] ?? 1;
      }
      return product ** (1 / group);
    });
  };
  const valuesPerQueryHead = (layer: number): Float32Array => {
    const group = config.num_attention_heads / config.num_key_value_heads;
    const shared = values(layer);
    return new Float32Array(config.num_attention_heads * config.head_dim).map((_, i) => {
      const head = Math.floor(i / config.head_dim / group);
      return shared[head * config.head_dim + (i % config.head_dim)] ?? 1;
    });
  };

  /** What a matrix's columns are multiplied by, and its rows divided by. */
  const moved = (layer: number, name: LayerMatrix): { columns: Float32Array; rows?: Float32Array } => {
    switch (name) {
      case 'q_proj':
      case 'k_proj':
        return { columns: attention(layer) };
      case 'v_proj':
        return { columns: attention(layer), rows: values(layer) };
      case 'o_proj':
        return { columns: valuesPerQueryHead(layer) };
      case 'gate_proj':
        return { columns: mlp(layer) };
      case 'up_proj':
        return { columns: mlp(layer), rows: down(layer) };
      case 'down_proj':
        return { columns: down(layer) };
    }
  };

  return {
    config,
    embedding: () => weights.embedding(),
    head: () => weights.head(),
    finalNorm: () => weights.finalNorm(),
    layerVector(layer, name) {
      const vector = weights.layerVector(layer, name);
      if (name === 'q_norm' || name === 'k_norm') return vector; // they come after the matrices
      return divided(vector, name === 'input_layernorm' ? attention(layer) : mlp(layer));
    },
    layerBias(layer, name) {
      const bias = weights.layerBias(layer, name);
      if (bias && name === 'v_proj') return divided(bias, values(layer));
      return bias && name === 'up_proj' ? divided(bias, down(layer)) : bias;
    },
    layerMatrix(layer, name) {
      const { columns, rows } = moved(layer, name);
      return scaled(weights.layerMatrix(layer, name), columns, rows);
    },
    lowRank(layer, name) {
      const change = weights.lowRank?.(layer, name);
      if (!change) return undefined;
      const { columns, rows } = moved(layer, name);
      return { a: scaled(change.a, columns), b: scaled(change.b, undefined, rows) };
    },
  };
}

/** s_j = peak(X_j)^α / peak(W_j)^(1−α), over all the weights that read the input. */
function scales(inputPeaks: Float32Array, readers: readonly Matrix[]): Float32Array {
  const weightPeaks = new Float32Array(inputPeaks.length);
  for (const matrix of readers) {
    for (const { data } of rowBlocks(matrix)) {
      data.forEach((value, i) => {
        const c = i % matrix.cols;
        weightPeaks[c] = Math.max(weightPeaks[c] ?? 0, Math.abs(value));
      });
    }
  }
  return inputPeaks.map((peak, j) => {
    const s = Math.max(peak, 1e-5) ** ALPHA / Math.max(weightPeaks[j] ?? 0, 1e-5) ** (1 - ALPHA);
    return Math.max(s, 1e-5);
  });
}

/** Columns times `columns`, rows divided by `rows`. */
function scaled(matrix: Matrix, columns?: Float32Array, rows?: Float32Array): Matrix {
  const { cols } = matrix;
  return {
    ...matrix,
    read(from = 0, to = matrix.rows) {
      const data = matrix.read(from, to);
      return data.map((value, i) => {
        const divisor = rows?.[from + Math.floor(i / cols)] ?? 1;
        return (value * (columns?.[i % cols] ?? 1)) / divisor;
      });
    },
  };
}

const divided = (vector: Float32Array, by: Float32Array): Float32Array =>
  vector.map((value, i) => value / (by[i] ?? 1));
