import { basename, join, resolve } from 'node:path';
import { readJsonObject } from '../../likelihood/onnx/read-json';
import { ModelImportError } from './import-error';
import type { LayerMatrix, LlamaConfig, RopeScaling } from './llama';
import { type ModelSource, windowWithin } from './model-source';
import { Numbers } from './numbers';
import { openSafetensors } from './safetensors-file';
import { type TensorNames, tensorWeights } from './tensor-weights';
import { readTokenizerFiles } from './tokenizer-json';

type Json = Readonly<Record<string, unknown>>;

/** Families that are imported, by `model_type`, and what their configs leave unsaid. */
const FAMILIES: Readonly<Record<string, { headDim?: number; theta?: number; sliding?: number }>> = {
  llama: {},
  mistral: { sliding: 4096 },
  qwen2: {},
  qwen3: { headDim: 128 },
  smollm3: { theta: 2_000_000 },
};
const MAX_CONFIG = 4 * 2 ** 20;

const NAMES: TensorNames = {
  embedding: 'model.embed_tokens.weight',
  head: 'lm_head.weight',
  finalNorm: 'model.norm.weight',
  layer: (layer, part) => {
    if (part.endsWith('layernorm')) return `model.layers.${layer}.${part}`;
    const block = part === 'gate_proj' || part === 'up_proj' || part === 'down_proj' ? 'mlp' : 'self_attn';
    return `model.layers.${layer}.${block}.${part}`;
  },
  ignored: /\.rotary_emb\.inv_freq$/,
};

/**
 * Opens a model folder as `transformers` saves it: config.json, safetensors weights, tokenizer.json.
 * @throws {ModelImportError} where it is of another family, or something about it is not known here
 */
export async function openHuggingFace(folder: string): Promise<ModelSource> {
  const json = await readJsonObject(join(folder, 'config.json'), MAX_CONFIG).catch((error: Error) => {
    throw new ModelImportError(error.message);
  });
  const { family, config, madeFor, notes } = readConfig(json);
  const tokenizer = await readTokenizerFiles(folder);
  const tensors = await openSafetensors(folder);
  try {
    const tied = json.tie_word_embeddings ?? !tensors.byName.has(NAMES.head);
    return {
      name: basename(resolve(folder)),
      family,
      config,
      madeFor,
      weights: tensorWeights(tensors, config, {
        names: NAMES,
        tied: tied === true,
        permuted: false,
        biases: biases(json, family),
      }),
      tokenizer,
      tokens: tokenIds(json),
      notes,
      close: () => tensors.close(),
    };
  } catch (error) {
    tensors.close();
    throw error;
  }
}

/** @throws {ModelImportError} */
export function readConfig(json: Json): Pick<ModelSource, 'family' | 'config' | 'madeFor' | 'notes'> {
  const type = String(json.model_type ?? 'without a model_type').slice(0, 60);
  const family = Object.hasOwn(FAMILIES, type) ? FAMILIES[type] : undefined;
  if (!family) {
    throw new ModelImportError(
      `the model is ${type}; what can be imported is ${Object.keys(FAMILIES).join(', ')}`,
    );
  }
  const quantisation = (json.quantization_config as Json | null | undefined)?.quant_method;
  if (json.quantization_config) {
    throw new ModelImportError(
      `its weights are quantised (${String(quantisation).slice(0, 40)}); import the weights it was made from, or a GGUF file`,
    );
  }
  if ((json.hidden_act ?? 'silu') !== 'silu') {
    throw new ModelImportError(`its activation is ${String(json.hidden_act).slice(0, 40)}, not silu`);
  }
  const n = new Numbers((key) => json[key], 'config.json');
  const rope = (json.rope_parameters ?? json.rope_scaling ?? {}) as Json; // the newer name holds theta as well
  const r = new Numbers((key) => rope[key], "config.json's rope parameters");
  if ((json.partial_rotary_factor ?? rope.partial_rotary_factor ?? 1) !== 1) {
    throw new ModelImportError('it rotates only a part of each head (partial_rotary_factor)');
  }
  const layers = n.whole('num_hidden_layers');
  const heads = n.whole('num_attention_heads');
  const hidden = n.whole('hidden_size');
  const madeFor = n.whole('max_position_embeddings', 2048);
  const { window, notes } = windowWithin(madeFor, slidingWindow(json, type, n, family.sliding));
  const scaling = ropeScaling(rope, r);
  const config: LlamaConfig = {
    num_hidden_layers: layers,
    hidden_size: hidden,
    num_attention_heads: heads,
    num_key_value_heads: n.whole('num_key_value_heads', heads),
    head_dim: n.whole('head_dim', family.headDim ?? hidden / heads),
    intermediate_size: n.whole('intermediate_size'),
    vocab_size: n.whole('vocab_size'),
    max_position_embeddings: window,
    rms_norm_eps: n.positive('rms_norm_eps', 1e-6),
    rope_theta: r.positive('rope_theta', n.positive('rope_theta', family.theta ?? 10_000)),
    ...(scaling ? { rope_scaling: scaling } : {}),
    ...(type === 'smollm3' ? { no_rope_layers: layersWithRope(json, n, layers) } : {}),
    ...(type === 'qwen3' ? { qk_norm: true } : {}),
  };
  return { family: type, config, madeFor, notes };
}

function biases(json: Json, family: string): LayerMatrix[] {
  if (family === 'qwen2') return ['q_proj', 'k_proj', 'v_proj'];
  return [
    ...(json.attention_bias === true ? (['q_proj', 'k_proj', 'v_proj', 'o_proj'] as const) : []),
    ...(json.mlp_bias === true ? (['gate_proj', 'up_proj', 'down_proj'] as const) : []),
  ];
}

/** What a layer attends to at most, where it is not everything before. */
function slidingWindow(
  json: Json,
  type: string,
  n: Numbers,
  fallback: number | undefined,
): number | undefined {
  if (type === 'mistral') {
    return json.sliding_window === null ? undefined : n.whole('sliding_window', fallback);
  }
  return json.use_sliding_window === true && n.has('sliding_window') ? n.whole('sliding_window') : undefined;
}

function ropeScaling(rope: Json, r: Numbers): RopeScaling | undefined {
  const type = rope.rope_type ?? rope.type ?? 'default';
  switch (type) {
    case 'default':
      return undefined;
    case 'linear':
      return { rope_type: 'linear', factor: r.positive('factor') };
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: r.positive('factor'),
        low_freq_factor: r.positive('low_freq_factor'),
        high_freq_factor: r.positive('high_freq_factor'),
        original_max_position_embeddings: r.whole('original_max_position_embeddings'),
      };
    default:
      throw new ModelImportError(
        `its rotary positions are scaled as ${String(type).slice(0, 40)}; what is known is default, linear, llama3`,
      );
  }
}

/** SmolLM3: every fourth layer has no rotary embedding, where nothing else is said. */
function layersWithRope(json: Json, n: Numbers, layers: number): number[] {
  if (Array.isArray(json.no_rope_layers)) {
    return Array.from({ length: layers }, (_, layer) =>
      (json.no_rope_layers as unknown[])[layer] === 0 ? 0 : 1,
    );
  }
  const interval = n.whole('no_rope_layer_interval', 4);
  return Array.from({ length: layers }, (_, layer) => ((layer + 1) % interval === 0 ? 0 : 1));
}

function tokenIds(json: Json): ModelSource['tokens'] {
  const id = (value: unknown): number | undefined => {
    const first = Array.isArray(value) ? value[0] : value;
    return typeof first === 'number' && Number.isInteger(first) ? first : undefined;
  };
  const [bos, eos] = [id(json.bos_token_id), id(json.eos_token_id)];
  return {
    ...(bos === undefined ? {} : { bos_token_id: bos }),
    ...(eos === undefined ? {} : { eos_token_id: eos }),
  };
}
