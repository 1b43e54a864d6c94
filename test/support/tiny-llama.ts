import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LlamaConfig,
  type LlamaWeights,
  type Matrix,
  matrixOf,
  matrixShape,
} from '../../src/models/import/llama';
import { fp32 } from '../../src/models/import/precision/fp32';
import type { Precision } from '../../src/models/import/precision/precision';
import { writeScoringGraph } from '../../src/models/import/scoring-graph';

/** A Llama too small to know anything, yet with every part of the architecture: grouped heads, rotary positions, tied head. */
export const TINY: LlamaConfig = {
  num_hidden_layers: 2,
  hidden_size: 64,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 16,
  intermediate_size: 96,
  vocab_size: 128,
  max_position_embeddings: 256,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
};

/** Random weights, the same on every call; large enough that a wrong position or mask changes scores by whole nats. */
export function tinyWeights(config: LlamaConfig = TINY): LlamaWeights {
  const matrix = (name: string, rows: number, cols: number): Matrix => {
    const random = uniform(hash(name));
    const scale = 2 / Math.sqrt(cols);
    return matrixOf(
      rows,
      cols,
      new Float32Array(rows * cols).map(() => (random() - 0.5) * 2 * scale),
    );
  };
  const { hidden_size: hidden } = config;
  const norm = (name: string) =>
    matrix(name, 1, hidden)
      .read()
      .map((v) => 1 + 0.2 * v);
  return {
    config,
    embedding: () => matrix('embedding', config.vocab_size, hidden),
    head: () => undefined,
    layerBias: () => undefined,
    finalNorm: () => norm('final'),
    layerVector: (layer, name) => norm(`${layer}.${name}`),
    layerMatrix: (layer, name) => matrix(`${layer}.${name}`, ...matrixShape(config, name)),
  };
}

/** A model folder in a temporary place, with a tokenizer of one token per character (a to z, digits, blank, line break). */
export function writeTinyModel(precision: Precision = fp32(), config: LlamaConfig = TINY): string {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-tiny-'));
  writeScoringGraph(tinyWeights(config), precision, folder);
  const json = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  json('config.json', { ...config, model_type: 'llama', steplens: { name: 'tiny', graph: 'tree' } });
  json('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' });
  json('tokenizer.json', tinyTokenizer());
  return folder;
}

/** tokenizer.json of a tokenizer that makes each ASCII character one token, its code. */
export function tinyTokenizer(): object {
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    model: { type: 'BPE', dropout: null, unk_token: null, vocab: byteVocabulary(), merges: [] },
  };
}

/** Byte-level BPE's printable letter of each byte below 128. */
function byteVocabulary(): Record<string, number> {
  const letters = Array.from({ length: 128 }, (_, byte) =>
    byte > 32 && byte < 127
      ? String.fromCharCode(byte)
      : String.fromCharCode(256 + (byte <= 32 ? byte : byte - 94)),
  );
  return Object.fromEntries(letters.map((letter, id) => [letter, id]));
}

function uniform(seed: number): () => number {
  let state = seed || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function hash(text: string): number {
  let h = 2166136261;
  for (const c of text) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return h | 0;
}
