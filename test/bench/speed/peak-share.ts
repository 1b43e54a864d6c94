import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { buildTrie } from '../../../src/likelihood/token-trie';
import type { LlamaConfig } from '../../../src/models/import/llama';
import { OURS } from './entries';
import type { Plan, Run } from './measure';
import type { Contestants } from './processes';
import { spreadOf } from './statistics';
import { MODEL, PAPER, readTraces, requestsOf } from './workload';

export interface PeakShare {
  readonly fp32: number;
  readonly int8: number;
  /** What bare products of that kind reach, in 10⁹ operations a second. */
  readonly peak: { readonly fp32: number; readonly int8: number };
}

/** Operations that scoring needs, over its time, over what bare matrix products reach in the same time. */
export async function measurePeakShare(
  contestants: Contestants,
  { file }: Plan,
  runs: readonly Run[],
): Promise<PeakShare> {
  const operations = await operationCounter(file);
  const share = async (entry: string, precision: 'fp32' | 'int8') => {
    const task = { file, traces: [0], way: precision };
    const { seconds } = await contestants.ask('matmul-peak', task);
    const peak = 1e12 / (seconds[0] ?? Number.NaN);
    const reached = runs
      .filter((run) => run.entry.name === entry)
      .map(({ traces, outcome }) => {
        const done = traces.reduce((sum, trace) => sum + operations(trace), 0);
        return done / outcome.seconds.reduce((a, b) => a + b, 0);
      });
    return { share: spreadOf(reached).median / peak, peak: peak / 1e9 };
  };
  const int8 = await share(OURS, 'int8');
  const fp32 = await share('Steplens, incremental, 32 bits', 'fp32');
  return { fp32: fp32.share, int8: int8.share, peak: { fp32: fp32.peak, int8: int8.peak } };
}

/** Multiplications and additions that a trace needs: its nodes' linear layers, heads and visible pairs, each once. */
async function operationCounter(file: string): Promise<(trace: number) => number> {
  const config = JSON.parse(readFileSync(join(MODEL, 'config.json'), 'utf8')) as LlamaConfig;
  const { hidden_size: hidden, head_dim: dim, num_hidden_layers: layers } = config;
  const queries = config.num_attention_heads * dim;
  const keys = config.num_key_value_heads * dim;
  const perNode = layers * hidden * (2 * queries + 2 * keys + 3 * config.intermediate_size);
  const { encode } = await loadTokenizer(MODEL);
  const traces = await readTraces(file, Number.POSITIVE_INFINITY);
  return (index) => {
    const trace = traces[index];
    if (!trace) return Number.NaN;
    const trie = buildTrie(requestsOf(trace, PAPER), encode, config.max_position_embeddings);
    const heads = new Set(trie.paths.flatMap((path) => path.predictors)).size;
    const pairs = trie.depth.reduce((sum, depth) => sum + depth + 1, 0);
    const products =
      trie.token.length * perNode + heads * hidden * config.vocab_size + pairs * layers * 2 * queries;
    return 2 * products;
  };
}
