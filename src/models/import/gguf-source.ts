import { basename } from 'node:path';
import { type GgufFile, type Metadata, openGguf } from './gguf-file';
import { ggufTokenizer } from './gguf-tokenizer';
import { ModelImportError } from './import-error';
import type { LayerMatrix, LayerVector, LlamaConfig, RopeScaling } from './llama';
import { type ModelSource, windowWithin } from './model-source';
import { Numbers } from './numbers';
import { type TensorNames, tensorWeights } from './tensor-weights';

/** Architectures that are imported; Mistral's files call themselves llama. `permuted`: see tensor-weights.ts. */
const ARCHITECTURES: Readonly<Record<string, { permuted: boolean; biases?: readonly LayerMatrix[] }>> = {
  llama: { permuted: true },
  qwen2: { permuted: false, biases: ['q_proj', 'k_proj', 'v_proj'] },
  qwen3: { permuted: false, biases: [] },
  smollm3: { permuted: true },
};
/** SmolLM3's files do not say which layers have no rotary embedding: it is every fourth. */
const NO_ROPE_INTERVAL = 4;

const PARTS: Record<LayerMatrix | LayerVector, string> = {
  q_proj: 'attn_q',
  k_proj: 'attn_k',
  v_proj: 'attn_v',
  o_proj: 'attn_output',
  gate_proj: 'ffn_gate',
  up_proj: 'ffn_up',
  down_proj: 'ffn_down',
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
  q_norm: 'attn_q_norm',
  k_norm: 'attn_k_norm',
};
const NAMES: TensorNames = {
  embedding: 'token_embd.weight',
  head: 'output.weight',
  finalNorm: 'output_norm.weight',
  layer: (layer, part) => `blk.${layer}.${PARTS[part]}`,
  ignored: /^rope_freqs\.weight$|\.attn_rot_embd$/,
};

/**
 * Opens a GGUF file of Llama's family.
 * @throws {ModelImportError} where it is of another architecture, or something about it is not known here
 */
export async function openGgufModel(path: string): Promise<ModelSource> {
  const file = await openGguf(path);
  try {
    const { metadata } = file;
    const name = String(metadata['general.architecture']).slice(0, 60);
    const architecture = Object.hasOwn(ARCHITECTURES, name) ? ARCHITECTURES[name] : undefined;
    if (!architecture) {
      throw new ModelImportError(
        `the model is ${name}; what can be imported is ${Object.keys(ARCHITECTURES).join(', ')}`,
      );
    }
    const { config, madeFor, notes } = readConfig(file, name);
    return {
      name: basename(path, '.gguf'),
      family: name,
      config,
      madeFor,
      weights: tensorWeights(file, config, {
        names: NAMES,
        tied: !file.byName.has(NAMES.head),
        ...architecture,
      }),
      tokenizer: ggufTokenizer(metadata, madeFor),
      tokens: { ...tokenId(metadata, 'bos'), ...tokenId(metadata, 'eos') },
      notes,
      ...licenceOf(metadata),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

function readConfig(file: GgufFile, architecture: string) {
  const { metadata } = file;
  const n = new Numbers((key) => metadata[`${architecture}.${key}`], 'the GGUF metadata');
  if (n.has('expert_count') && Number(metadata[`${architecture}.expert_count`]) > 0) {
    throw new ModelImportError('it is a mixture of experts');
  }
  const layers = n.whole('block_count');
  const hidden = n.whole('embedding_length');
  const heads = n.whole('attention.head_count');
  const rotated = n.has('rope.dimension_count') ? n.whole('rope.dimension_count') : undefined;
  const headDim = n.whole('attention.key_length', rotated ?? hidden / heads);
  if (rotated !== undefined && rotated !== headDim) {
    throw new ModelImportError(`it rotates ${rotated} of the ${headDim} dimensions of a head`);
  }
  const madeFor = n.whole('context_length');
  const sliding = n.has('attention.sliding_window') ? n.whole('attention.sliding_window') : undefined;
  const { window, notes } = windowWithin(madeFor, sliding);
  const scaling = ropeScaling(file, architecture, headDim, n);
  const config: LlamaConfig = {
    num_hidden_layers: layers,
    hidden_size: hidden,
    num_attention_heads: heads,
    num_key_value_heads: n.whole('attention.head_count_kv', heads),
    head_dim: headDim,
    intermediate_size: n.whole('feed_forward_length'),
    vocab_size: n.whole('vocab_size', file.byName.get(NAMES.embedding)?.dims[0]),
    max_position_embeddings: window,
    rms_norm_eps: Number(n.positive('attention.layer_norm_rms_epsilon').toPrecision(6)), // stored as a 32-bit float
    rope_theta: n.positive('rope.freq_base', 10_000),
    ...(scaling ? { rope_scaling: scaling } : {}),
    ...(architecture === 'smollm3'
      ? {
          no_rope_layers: Array.from({ length: layers }, (_, i) =>
            (i + 1) % NO_ROPE_INTERVAL === 0 ? 0 : 1,
          ),
        }
      : {}),
    ...(architecture === 'qwen3' ? { qk_norm: true } : {}),
  };
  return { config, madeFor, notes };
}

function ropeScaling(
  { metadata, byName }: GgufFile,
  architecture: string,
  headDim: number,
  n: Numbers,
): RopeScaling | undefined {
  const factors = byName.get('rope_freqs.weight');
  if (factors) {
    if (factors.dims.join() !== `${headDim / 2}`) {
      throw new ModelImportError(
        `rope_freqs.weight has the shape [${factors.dims.join()}], not [${headDim / 2}]`,
      );
    }
    return { rope_type: 'factors', factors: [...factors.read(0, 1)] };
  }
  const type = metadata[`${architecture}.rope.scaling.type`] ?? 'none';
  if (type === 'none') return undefined;
  if (type === 'linear') return { rope_type: 'linear', factor: n.positive('rope.scaling.factor') };
  throw new ModelImportError(
    `its rotary positions are scaled as ${String(type).slice(0, 40)}; what is known is none, linear and factors`,
  );
}

function licenceOf(metadata: Metadata): { licence?: string } {
  const licence = metadata['general.license'];
  return typeof licence === 'string' && /^[\w.+-]{1,60}$/.test(licence) ? { licence } : {};
}

function tokenId(metadata: Metadata, key: 'bos' | 'eos'): Record<string, number> {
  const id = metadata[`tokenizer.ggml.${key}_token_id`];
  return id === undefined ? {} : { [`${key}_token_id`]: Number(id) };
}
