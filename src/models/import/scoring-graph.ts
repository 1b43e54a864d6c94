import {
  type LayerMatrix,
  type LayerVector,
  type LlamaConfig,
  type LlamaWeights,
  type LowRank,
  transpose,
} from './llama';
import { MICROSOFT, OnnxGraph } from './onnx-graph';
import { EMBEDDING, HEAD, type Precision } from './precision/precision';
import { rotaryPeriods } from './rotary';

/**
 * Writes the scoring graph of a Llama-architecture model: one packed pass over a piece of a token trie.
 *
 * Inputs (S new nodes in depth-first order, P nodes of the shared path before them, T = P + S, room for C ≥ P):
 * - `input_ids`, `position_ids` int64 [1, S]: token and depth of each node
 * - `attention_bias` float [1, 1, S, T]: 0 where a node sees another (its ancestors and itself), very negative elsewhere
 * - `past.<layer>.key|value` float [1, kv heads, C, head dim]: keys and values of the path in the first P of C places
 * - `seqlens_k` int32 [1] = T − 1, `total_length` int32 = T: what GroupQueryAttention wants to know
 * - `rows` int64 [R]: nodes that predict a target token; only they reach the LM head
 * - `pairs` int64 [M, 2]: (index into rows, token) whose log-probability is asked for
 * - `keep` int64 [N]: positions among T whose keys and values the next pass needs
 *
 * Outputs: `log_probs` float [M] in nats, `present.<layer>.key|value` [1, kv heads, N, head dim].
 *
 * Rotary embedding stands outside the attention: inside it (`do_rotary`) position ids would be ignored, and a tree's
 * branches would get wrong positions.
 */
export function writeScoringGraph(
  weights: LlamaWeights,
  precision: Precision,
  folder: string,
  name = 'model',
): void {
  scoringGraph(weights, precision, new OnnxGraph(folder, name)).write();
}

/** The same, built but not yet written. */
export function scoringGraph(weights: LlamaWeights, precision: Precision, graph: OnnxGraph): OnnxGraph {
  const { config } = weights;
  const positions = graph.input('position_ids', 'i64', [1, 'S']);
  const ids = graph.input('input_ids', 'i64', [1, 'S']);
  const attention = attentionInputs(graph);
  const rows = graph.input('rows', 'i64', ['R']);
  const pairs = graph.input('pairs', 'i64', ['M', 2]);
  const keep = graph.input('keep', 'i64', ['N']);
  graph.output('log_probs', 'f32', ['M']);

  const matrix = (layer: number, part: LayerMatrix, x: string) => {
    const name = `layers.${layer}.${part}`;
    const product = precision.linear(graph, x, name, weights.layerMatrix(layer, part));
    const changed = adapted(graph, product, x, name, weights.lowRank?.(layer, part));
    return biased(graph, changed, `${name}.bias`, weights.layerBias(layer, part));
  };
  const norm = (layer: number, part: LayerVector) =>
    graph.constant(`layers.${layer}.${part}`, 'f32', [config.hidden_size], () =>
      weights.layerVector(layer, part),
    );
  const finalNorm = graph.constant('norm', 'f32', [config.hidden_size], () => weights.finalNorm());

  const flatIds = graph.node('Reshape', [ids, graph.int64([-1])]);
  let residual = precision.embed(graph, flatIds, weights.embedding());
  let x = graph.node('SimplifiedLayerNormalization', [residual, norm(0, 'input_layernorm')], {
    attributes: { axis: -1, epsilon: { float: config.rms_norm_eps }, stash_type: 1 },
  });
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const heads = [
      headNorm(graph, weights, layer, 'q_norm', matrix(layer, 'q_proj', x)),
      headNorm(graph, weights, layer, 'k_norm', matrix(layer, 'k_proj', x)),
      matrix(layer, 'v_proj', x),
    ] as const;
    const mixed = attend(graph, config, layer, heads, positions, attention);
    [x, residual] = addAndNorm(
      graph,
      config,
      residual,
      matrix(layer, 'o_proj', mixed),
      norm(layer, 'post_attention_layernorm'),
    );
    const gate = graph.node('QuickGelu', [matrix(layer, 'gate_proj', x)], {
      domain: MICROSOFT,
      attributes: { alpha: { float: 1 } }, // x · sigmoid(1 · x): SiLU
    });
    const inner = graph.node('Mul', [gate, matrix(layer, 'up_proj', x)]);
    let update = matrix(layer, 'down_proj', inner);
    const last = layer + 1 === config.num_hidden_layers;
    if (last) {
      residual = graph.node('Gather', [residual, rows]);
      update = graph.node('Gather', [update, rows]);
    }
    const weight = last ? finalNorm : norm(layer + 1, 'input_layernorm');
    [x, residual] = addAndNorm(graph, config, residual, update, weight);
  }
  const head = weights.head();
  const logits = head
    ? precision.head(graph, x, HEAD, head)
    : precision.head(graph, x, EMBEDDING, weights.embedding());
  pickLogProbs(graph, logits, pairs);
  keepPresent(graph, config.num_hidden_layers, keep);
  return graph;
}

/** A matrix's product with an adapter's change, which stays in 32 bits: it is small, and what was trained. */
function adapted(graph: OnnxGraph, product: string, x: string, name: string, change?: LowRank): string {
  if (!change) return product;
  const { a, b } = change;
  const narrow = graph.node('MatMul', [
    x,
    graph.constant(`${name}.a`, 'f32', [a.cols, a.rows], () => transpose(a)),
  ]);
  const wide = graph.node('MatMul', [
    narrow,
    graph.constant(`${name}.b`, 'f32', [b.cols, b.rows], () => transpose(b)),
  ]);
  return graph.node('Add', [product, wide]);
}

/** A matrix's product with what is added to it, where that is something. */
function biased(graph: OnnxGraph, product: string, name: string, bias: Float32Array | undefined): string {
  return bias ? graph.node('Add', [product, graph.constant(name, 'f32', [bias.length], bias)]) : product;
}

/** [S, heads · dim], each head normalised by itself where the model does that (Qwen3). */
function headNorm(
  graph: OnnxGraph,
  { config, layerVector }: LlamaWeights,
  layer: number,
  part: 'q_norm' | 'k_norm',
  x: string,
): string {
  if (!config.qk_norm) return x;
  const weight = graph.constant(`layers.${layer}.${part}`, 'f32', [config.head_dim], () =>
    layerVector(layer, part),
  );
  const heads = part === 'q_norm' ? config.num_attention_heads : config.num_key_value_heads;
  const apart = graph.node('Reshape', [x, graph.int64([-1, config.head_dim])]);
  const normed = graph.node('SimplifiedLayerNormalization', [apart, weight], {
    attributes: { axis: -1, epsilon: { float: config.rms_norm_eps }, stash_type: 1 },
  });
  return graph.node('Reshape', [normed, graph.int64([-1, heads * config.head_dim])]);
}

/** What a cache holds of a layer. */
const PARTS = ['key', 'value'] as const;

/** q, k, v as [S, heads · dim] → attention output [S, heads · dim]; also `all.<layer>.key|value`, of which some are kept. */
function attend(
  graph: OnnxGraph,
  config: LlamaConfig,
  layer: number,
  [q, k, v]: readonly [string, string, string],
  positions: string,
  attention: { bias: string; seqlens: string; total: string },
): string {
  const { num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: dim } = config;
  const batch = (x: string) => graph.node('Unsqueeze', [x, graph.int64([0])]);
  const [cos, sin] = rotaryCache(graph, config);
  const rotate = (x: string) =>
    config.no_rope_layers?.[layer] === 0
      ? batch(x)
      : graph.node('RotaryEmbedding', [batch(x), positions, cos, sin], { domain: MICROSOFT });
  const past = PARTS.map((part) => graph.input(`past.${layer}.${part}`, 'f32', [1, kvHeads, 'C', dim]));
  const all = PARTS.map((part) => `all.${layer}.${part}`);
  const mixed = graph.node(
    'GroupQueryAttention',
    [rotate(q), rotate(k), batch(v), ...past, attention.seqlens, attention.total, '', '', '', attention.bias],
    {
      domain: MICROSOFT,
      attributes: {
        num_heads: heads,
        kv_num_heads: kvHeads,
        scale: { float: 1 / Math.sqrt(dim) },
        do_rotary: 0,
      },
      outputs: [`attention.${layer}`, ...all],
    },
  );
  PARTS.forEach((part) => {
    graph.output(`present.${layer}.${part}`, 'f32', [1, kvHeads, 'N', dim]);
  });
  return graph.node('Squeeze', [mixed, graph.int64([0])]);
}

/**
 * Emits the kept keys and values of all layers. ONNX Runtime begins at the nodes that nothing follows, the last of the graph
 * first, and runs what each of them needs. In this order, after all else and the last layer first, it takes what is kept of
 * a layer right after its attention; in another one the keys and values of all layers pile up until the end of the pass.
 */
function keepPresent(graph: OnnxGraph, layers: number, keep: string): void {
  for (let layer = layers - 1; layer >= 0; layer--) {
    for (const part of PARTS) {
      const outputs = [`present.${layer}.${part}`];
      graph.node('Gather', [`all.${layer}.${part}`, keep], { attributes: { axis: 2 }, outputs });
    }
  }
}

function attentionInputs(graph: OnnxGraph) {
  return {
    bias: graph.input('attention_bias', 'f32', [1, 1, 'S', 'T']),
    seqlens: graph.input('seqlens_k', 'i32', [1]),
    total: graph.input('total_length', 'i32', []),
  };
}

/** Residual + update, and its RMS norm: [norm, sum]. */
function addAndNorm(
  graph: OnnxGraph,
  config: LlamaConfig,
  residual: string,
  update: string,
  weight: string,
): [string, string] {
  const sum = `${update}.sum`;
  const normed = graph.node('SkipSimplifiedLayerNormalization', [residual, update, weight], {
    domain: MICROSOFT,
    attributes: { epsilon: { float: config.rms_norm_eps } },
    outputs: [`${update}.norm`, '', '', sum],
  });
  return [normed, sum];
}

/** cos and sin tables [positions, head dim / 2] of rotary position embedding. */
function rotaryCache(graph: OnnxGraph, config: LlamaConfig): [string, string] {
  const half = config.head_dim / 2;
  const rows = config.max_position_embeddings;
  const table = (f: (angle: number) => number) => () => {
    const periods = rotaryPeriods(config);
    return new Float32Array(rows * half).map((_, at) => f(Math.floor(at / half) / (periods[at % half] ?? 1)));
  };
  return [
    graph.constant('rotary_cos', 'f32', [rows, half], table(Math.cos)),
    graph.constant('rotary_sin', 'f32', [rows, half], table(Math.sin)),
  ];
}

/**
 * log softmax inside the graph, so that one float a target token leaves it instead of a row of the vocabulary. LogSoftmax,
 * which ONNX Runtime sums by vectors, is five times as fast as ReduceLogSumExp, which adds up a vocabulary one by one and
 * loses 1e-4 nats of it.
 */
function pickLogProbs(graph: OnnxGraph, logits: string, pairs: string): void {
  const all = graph.node('LogSoftmax', [logits], { attributes: { axis: 1 } });
  graph.node('GatherND', [all, pairs], { outputs: ['log_probs'] });
}
