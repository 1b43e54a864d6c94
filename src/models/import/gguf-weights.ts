import { closeSync, openSync, readSync } from 'node:fs';
import { GGMLQuantizationType, gguf } from '@huggingface/gguf';
import type { LayerMatrix, LayerVector, LlamaConfig, LlamaWeights, Matrix } from './llama';

type Metadata = Readonly<Record<string, unknown>>;

export interface GgufModel extends LlamaWeights {
  readonly metadata: Metadata;
}

const MATRIX_NAMES: Record<LayerMatrix, string> = {
  q_proj: 'attn_q',
  k_proj: 'attn_k',
  v_proj: 'attn_v',
  o_proj: 'attn_output',
  gate_proj: 'ffn_gate',
  up_proj: 'ffn_up',
  down_proj: 'ffn_down',
};
const VECTOR_NAMES: Record<LayerVector, string> = {
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
};

/** Values in a quantisation block, for both block types below. */
const BLOCK = 32;

/**
 * Opens a Llama-architecture GGUF file (tied embeddings) whose tensors are F32, Q8_0 or Q4_1.
 * @throws where the file is of another architecture or holds another tensor type
 */
export async function openGguf(path: string): Promise<GgufModel> {
  const { metadata, tensorInfos, tensorDataOffset } = await gguf(path, { allowLocalFile: true });
  const meta: Metadata = { ...metadata };
  const config = readConfig(meta);
  const file = openSync(path, 'r');
  process.once('exit', () => closeSync(file));

  const tensor = (name: string): Matrix => {
    const info = tensorInfos.find((t) => t.name === name);
    if (!info) throw new Error(`${path}: no tensor ${name}`);
    const [cols = 1, rows = 1] = info.shape.map(Number); // GGUF names the fastest dimension first
    const bytes = Buffer.alloc(byteLength(info.dtype, rows * cols, name));
    readSync(file, bytes, 0, bytes.length, Number(tensorDataOffset + info.offset));
    return { rows, cols, data: dequantise(info.dtype, bytes, rows * cols) };
  };
  return {
    metadata: meta,
    config,
    embedding: () => tensor('token_embd.weight'),
    finalNorm: () => tensor('output_norm.weight').data,
    layerVector: (layer, name) => tensor(`blk.${layer}.${VECTOR_NAMES[name]}.weight`).data,
    layerMatrix: (layer, name) => {
      const matrix = tensor(`blk.${layer}.${MATRIX_NAMES[name]}.weight`);
      return name === 'q_proj' || name === 'k_proj' ? unpermute(matrix, config.head_dim) : matrix;
    },
  };
}

function readConfig(meta: Metadata): LlamaConfig {
  if (meta['general.architecture'] !== 'llama') {
    throw new Error(`architecture ${String(meta['general.architecture'])} is not llama`);
  }
  const number = (key: string): number => {
    const value = Number(meta[`llama.${key}`]);
    if (!Number.isFinite(value)) throw new Error(`the GGUF metadata has no llama.${key}`);
    return value;
  };
  return {
    num_hidden_layers: number('block_count'),
    hidden_size: number('embedding_length'),
    num_attention_heads: number('attention.head_count'),
    num_key_value_heads: number('attention.head_count_kv'),
    head_dim: number('rope.dimension_count'),
    intermediate_size: number('feed_forward_length'),
    vocab_size: number('vocab_size'),
    max_position_embeddings: number('context_length'),
    rms_norm_eps: Number(number('attention.layer_norm_rms_epsilon').toPrecision(6)), // stored as a 32-bit float
    rope_theta: number('rope.freq_base'),
  };
}

/**
 * llama.cpp's converter reorders the rows of q and k so that rotary pairs are neighbours (row 2i+half) where Hugging Face
 * keeps the halves apart (row half·d/2+i). This takes it back, head by head.
 */
export function unpermute(matrix: Matrix, headDim: number): Matrix {
  const { rows, cols, data } = matrix;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const within = row % headDim;
    const source = row - within + (within % (headDim / 2)) * 2 + Math.floor(within / (headDim / 2));
    out.set(data.subarray(source * cols, (source + 1) * cols), row * cols);
  }
  return { rows, cols, data: out };
}

function byteLength(type: GGMLQuantizationType, values: number, name: string): number {
  switch (type) {
    case GGMLQuantizationType.F32:
      return values * 4;
    case GGMLQuantizationType.Q8_0:
      return (values / BLOCK) * 34;
    case GGMLQuantizationType.Q4_1:
      return (values / BLOCK) * 20;
    default:
      throw new Error(`${name}: tensor type ${GGMLQuantizationType[type]} is not supported`);
  }
}

/** Block layouts as in ggml: Q8_0 = f16 scale, 32 × i8; Q4_1 = f16 scale, f16 minimum, 16 bytes of low then high nibbles. */
function dequantise(type: GGMLQuantizationType, bytes: Buffer, values: number): Float32Array {
  if (type === GGMLQuantizationType.F32) {
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  const out = new Float32Array(values);
  const blocks = values / BLOCK;
  for (let b = 0; b < blocks; b++) {
    if (type === GGMLQuantizationType.Q8_0) {
      const at = b * 34;
      const scale = float16(bytes.readUInt16LE(at));
      for (let i = 0; i < BLOCK; i++) out[b * BLOCK + i] = bytes.readInt8(at + 2 + i) * scale;
    } else {
      const at = b * 20;
      const scale = float16(bytes.readUInt16LE(at));
      const minimum = float16(bytes.readUInt16LE(at + 2));
      for (let i = 0; i < BLOCK / 2; i++) {
        const byte = bytes[at + 4 + i] ?? 0;
        out[b * BLOCK + i] = (byte & 15) * scale + minimum;
        out[b * BLOCK + i + BLOCK / 2] = (byte >> 4) * scale + minimum;
      }
    }
  }
  return out;
}

/** IEEE 754 binary16 → number. */
export function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
