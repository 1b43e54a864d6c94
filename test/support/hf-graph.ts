import type { LayerMatrix, LayerVector, LlamaConfig, LlamaWeights } from '../../src/models/import/llama';
import { type ElementType, MICROSOFT, OnnxGraph } from '../../src/models/import/onnx-graph';
import { fp32 } from '../../src/models/import/precision/fp32';
import { EMBEDDING, type Precision } from '../../src/models/import/precision/precision';

export interface HfGraphOptions {
  /**
   * `plain`: attention out of standard operators with a mask of its own, as optimum exports it. `gqa`: GroupQueryAttention
   * with do_rotary = 1, as ONNX Runtime's model builder writes it; it takes no padded batch after a past.
   */
  readonly attention?: 'plain' | 'gqa';
  /** Whether the graph has the input `position_ids`; without it positions follow from the cache's length. Default: yes. */
  readonly positionIds?: boolean;
  /** Type of cache and logits. Default: f32. */
  readonly floats?: 'f32' | 'f16' | 'bf16';
  /** Whether the graph has the scalar input `num_logits_to_keep`. */
  readonly logitsToKeep?: boolean;
  /** Whether the graph leaves the cache's heads and head dimension to config.json. */
  readonly symbolic?: boolean;
  /** A mistake: positions begin anew after the cache. Only where `plain` has no `positionIds`. */
  readonly forgetful?: boolean;
  readonly precision?: Precision;
}

interface Builder {
  readonly graph: OnnxGraph;
  readonly config: LlamaConfig;
  readonly options: HfGraphOptions;
  /** `input_ids` [B, S] and `attention_mask` [B, P + S]. */
  readonly ids: string;
  readonly mask: string;
  readonly cosSin: readonly [string, string];
}

const ELEMENT = { f32: 1, f16: 10, bf16: 16 } as const;

/**
 * Writes a Llama as Hugging Face's exporters do: `input_ids`, `attention_mask` and `past_key_values.N.key|value` in,
 * `logits` of every token and `present.N.key|value` out, all of them with a batch dimension.
 */
export function writeHfGraph(
  weights: LlamaWeights,
  folder: string,
  name: string,
  options: HfGraphOptions = {},
): void {
  const { config } = weights;
  const precision = options.precision ?? fp32();
  const graph = new OnnxGraph(folder, name, 2 ** 31);
  const floats: ElementType = options.floats ?? 'f32';
  const ids = graph.input('input_ids', 'i64', ['B', 'S']);
  const mask = graph.input('attention_mask', 'i64', ['B', 'T']);
  const build: Builder = { graph, config, options, ids, mask, cosSin: rotaryTables(graph, config) };
  graph.output('logits', floats, ['B', 'R', config.vocab_size]);
  const attend = options.attention === 'gqa' ? groupQueryAttention(build) : plainAttention(build);

  const matrix = (layer: number, part: LayerMatrix, x: string) =>
    precision.linear(graph, x, `layers.${layer}.${part}`, weights.layerMatrix(layer, part));
  const norm = (x: string, weight: string) =>
    graph.node('SimplifiedLayerNormalization', [x, weight], {
      attributes: { axis: -1, epsilon: { float: config.rms_norm_eps }, stash_type: 1 },
    });
  const scale = (layer: number, part: LayerVector) =>
    graph.constant(`layers.${layer}.${part}`, 'f32', [config.hidden_size], weights.layerVector(layer, part));

  let x = precision.embed(graph, graph.node('Reshape', [ids, graph.int64([-1])]), weights.embedding());
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const normed = norm(x, scale(layer, 'input_layernorm'));
    const heads = (['q_proj', 'k_proj', 'v_proj'] as const).map((part) =>
      unflatten(graph, matrix(layer, part, normed), ids),
    );
    const mixed = graph.node('Reshape', [
      attend(layer, heads),
      graph.int64([-1, config.num_attention_heads * config.head_dim]),
    ]);
    x = graph.node('Add', [x, matrix(layer, 'o_proj', mixed)]);
    const inner = norm(x, scale(layer, 'post_attention_layernorm'));
    const gate = matrix(layer, 'gate_proj', inner);
    const silu = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
    const product = graph.node('Mul', [silu, matrix(layer, 'up_proj', inner)]);
    x = graph.node('Add', [x, matrix(layer, 'down_proj', product)]);
  }
  const last = unflatten(
    graph,
    norm(x, graph.constant('norm', 'f32', [config.hidden_size], weights.finalNorm())),
    ids,
  );
  const kept = options.logitsToKeep ? keepLast(graph, last) : last;
  const flat = graph.node('Reshape', [kept, graph.int64([-1, config.hidden_size])]);
  const logits = precision.head(graph, flat, EMBEDDING, weights.embedding());
  const rows = graph.node('Shape', [kept], { attributes: { start: 0, end: 2 } });
  const shape = graph.node('Concat', [rows, graph.int64([-1])], { attributes: { axis: 0 } });
  const shaped = graph.node('Reshape', [logits, shape]);
  graph.node('Cast', [shaped], { attributes: { to: ELEMENT[floats] }, outputs: ['logits'] });
  graph.write();
}

/** [B · S, n] → [B, S, n]. */
function unflatten(graph: OnnxGraph, x: string, ids: string): string {
  const shape = graph.node('Concat', [graph.node('Shape', [ids]), graph.int64([-1])], {
    attributes: { axis: 0 },
  });
  return graph.node('Reshape', [x, shape]);
}

/** The last `num_logits_to_keep` tokens of [B, S, n]; 0 means all, as x[:, -0:] does in Python. */
function keepLast(graph: OnnxGraph, x: string): string {
  const count = graph.input('num_logits_to_keep', 'i64', []);
  const start = graph.node('Reshape', [graph.node('Neg', [count]), graph.int64([1])]);
  return graph.node('Slice', [x, start, graph.int64([2 ** 31]), graph.int64([1])]);
}

/** cos and sin tables [positions, head dim / 2]. */
function rotaryTables(graph: OnnxGraph, config: LlamaConfig): [string, string] {
  const half = config.head_dim / 2;
  const rows = config.max_position_embeddings;
  const table = (f: (angle: number) => number) =>
    Float32Array.from({ length: rows * half }, (_, at) =>
      f(Math.floor(at / half) / config.rope_theta ** ((2 * (at % half)) / config.head_dim)),
    );
  return [
    graph.constant('cos_cache', 'f32', [rows, half], table(Math.cos)),
    graph.constant('sin_cache', 'f32', [rows, half], table(Math.sin)),
  ];
}

/** The layer's past inputs, and a function that outputs its present; both in the cache's own type. */
function cacheOf({ graph, config, options }: Builder, layer: number) {
  const floats = options.floats ?? 'f32';
  const [heads, dim] = options.symbolic ? ['H', 'D'] : [config.num_key_value_heads, config.head_dim];
  const dims = ['B', heads, 'P', dim];
  const past = ['key', 'value'].map((part) => graph.input(`past_key_values.${layer}.${part}`, floats, dims));
  const output = (part: 'key' | 'value', x: string) => {
    const name = `present.${layer}.${part}`;
    graph.node('Cast', [x], { attributes: { to: ELEMENT[floats] }, outputs: [name] });
    graph.output(name, floats, ['B', heads, 'T', dim]);
  };
  return { past, output };
}

type Attend = (layer: number, heads: readonly string[]) => string;

function groupQueryAttention(build: Builder): Attend {
  const { graph, config, options, mask, cosSin } = build;
  if (options.positionIds ?? true) graph.input('position_ids', 'i64', ['B', 'S']); // taken, and unused, as in real exports
  const int32 = { attributes: { to: 6 } };
  const lengths = graph.node('ReduceSum', [mask, graph.int64([1])], { attributes: { keepdims: 0 } });
  const last = graph.node('Cast', [graph.node('Sub', [lengths, graph.int64([1])])], int32);
  const total = graph.node('Cast', [dimension(graph, mask, 1)], int32);
  const toCacheType = (x: string) =>
    graph.node('Cast', [x], { attributes: { to: ELEMENT[options.floats ?? 'f32'] } });
  const tables = cosSin.map(toCacheType);
  return (layer, heads) => {
    const { past, output } = cacheOf(build, layer);
    const all = [`all.${layer}.key`, `all.${layer}.value`] as const;
    const inputs = [...heads.map(toCacheType), ...past, last, total, ...tables];
    const mixed = graph.node('GroupQueryAttention', inputs, {
      domain: MICROSOFT,
      attributes: {
        num_heads: config.num_attention_heads,
        kv_num_heads: config.num_key_value_heads,
        scale: { float: 1 / Math.sqrt(config.head_dim) },
        do_rotary: 1,
      },
      outputs: [`attention.${layer}`, ...all],
    });
    output('key', all[0]);
    output('value', all[1]);
    return graph.node('Cast', [mixed], { attributes: { to: ELEMENT.f32 } });
  };
}

function plainAttention(build: Builder): Attend {
  const { graph, config, options, ids, mask, cosSin } = build;
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: dim } = config;
  const total = dimension(graph, mask, 1);
  const past = graph.node('Sub', [total, dimension(graph, ids, 1)]);
  const one = graph.int64(1);
  const places = graph.node('Range', [past, total, one]);
  const positions =
    (options.positionIds ?? true)
      ? graph.input('position_ids', 'i64', ['B', 'S'])
      : graph.node('Expand', [
          options.forgetful ? graph.node('Sub', [places, past]) : places,
          graph.node('Shape', [ids]),
        ]);
  const causal = graph.node('LessOrEqual', [
    graph.node('Range', [graph.int64(0), total, one]),
    graph.node('Unsqueeze', [places, graph.int64([1])]),
  ]);
  const real = graph.node('Unsqueeze', [
    graph.node('Cast', [mask], { attributes: { to: 9 } }),
    graph.int64([1, 2]),
  ]);
  const bias = graph.node('Where', [
    graph.node('And', [causal, real]),
    graph.constant('visible', 'f32', [], Float32Array.of(0)),
    graph.constant('hidden', 'f32', [], Float32Array.of(-1e9)),
  ]);
  const rotate = (x: string) =>
    graph.node('RotaryEmbedding', [x, positions, ...cosSin], { domain: MICROSOFT });
  const transpose = (x: string, perm: readonly number[]) =>
    graph.node('Transpose', [x], { attributes: { perm } });
  const split = (x: string, count: number) =>
    transpose(graph.node('Reshape', [x, graph.int64([0, 0, count, dim])]), [0, 2, 1, 3]);
  /** Each key-value head once for every query head of its group. */
  const repeat = (x: string) => {
    const grouped = graph.node('Expand', [
      graph.node('Unsqueeze', [x, graph.int64([2])]),
      graph.int64([1, 1, heads / kvHeads, 1, 1]),
    ]);
    return graph.node('Reshape', [grouped, graph.int64([0, heads, -1, dim])]);
  };
  return (layer, [q = '', k = '', v = '']) => {
    const { past: cached, output } = cacheOf(build, layer);
    const [pastKeys = '', pastValues = ''] = cached.map((x) =>
      graph.node('Cast', [x], { attributes: { to: ELEMENT.f32 } }),
    );
    const append = (before: string, x: string) =>
      graph.node('Concat', [before, x], { attributes: { axis: 2 } });
    const keys = append(pastKeys, split(rotate(k), kvHeads));
    const values = append(pastValues, split(v, kvHeads));
    output('key', keys);
    output('value', values);
    const scale = graph.constant('scale', 'f32', [], Float32Array.of(1 / Math.sqrt(dim)));
    const products = graph.node('MatMul', [split(rotate(q), heads), transpose(repeat(keys), [0, 1, 3, 2])]);
    const scores = graph.node('Add', [graph.node('Mul', [products, scale]), bias]);
    const weights = graph.node('Softmax', [scores], { attributes: { axis: -1 } });
    const mixed = transpose(graph.node('MatMul', [weights, repeat(values)]), [0, 2, 1, 3]);
    return graph.node('Reshape', [mixed, graph.int64([0, 0, heads * dim])]);
  };
}

function dimension(graph: OnnxGraph, x: string, axis: number): string {
  return graph.node('Gather', [graph.node('Shape', [x]), graph.int64(axis)]);
}
