import { type InferenceSession, Tensor } from 'onnxruntime-common';
import { cacheFeeds, cacheFromOutputs, type KvCache } from './kv-cache';
import type { IntegerInput, KvGraph } from './kv-graph';
import { KvLogits } from './kv-logits';

/** Some token sequences that go on, all from the same length. */
export interface KvBatch {
  /** A row of cache for each sequence. */
  readonly past: KvCache;
  /** The new tokens of each, at least one; they need not be equally many. */
  readonly rows: readonly (readonly number[])[];
}

/** What is wanted of a run; what is not is neither copied nor kept. */
export interface KvWanted {
  /** The first token, counted in the rows from 0, whose logits are wanted; undefined where none are. */
  readonly logitsFrom?: number | undefined;
  readonly cache: boolean;
  /** Whether a failure is expected and nobody wants to read of it on stderr. */
  readonly quiet?: boolean;
}

export interface KvOutputs {
  readonly logits: KvLogits | undefined;
  /** Positions up to the longest row's end; a shorter row's last ones hold nothing of use. */
  readonly cache: KvCache | undefined;
}

/**
 * One pass through a graph in the Hugging Face layout. Shorter rows are padded on the right: no real token sees what
 * follows it, so padding changes nothing but the time, and the mask says so too.
 * @throws {Error} ONNX Runtime's, or one about outputs that are not of the shape they should be
 */
export async function runKv(
  session: InferenceSession,
  graph: KvGraph,
  { past, rows }: KvBatch,
  wanted: KvWanted,
): Promise<KvOutputs> {
  const batch = rows.length;
  const tokens = Math.max(...rows.map((row) => row.length));
  const total = past.length + tokens;
  const { logitsFrom } = wanted;

  const feeds = cacheFeeds(graph, past);
  const feed = (name: IntegerInput, dims: readonly number[], value: (row: number, at: number) => number) => {
    const type = graph.integers[name];
    if (type === undefined) return;
    const [, width = 1] = dims;
    const list = Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) =>
      value(Math.floor(i / width), i % width),
    );
    feeds[name] =
      type === 'int64'
        ? new Tensor('int64', BigInt64Array.from(list, BigInt), dims)
        : new Tensor('int32', Int32Array.from(list), dims);
  };
  // Padding repeats the row's first token: any token of the vocabulary will do.
  feed('input_ids', [batch, tokens], (row, at) => rows[row]?.[at] ?? rows[row]?.[0] ?? 0);
  feed('attention_mask', [batch, total], (row, at) => (at < past.length + (rows[row]?.length ?? 0) ? 1 : 0));
  feed('position_ids', [batch, tokens], (_, at) => past.length + at);
  feed('num_logits_to_keep', [], () => Math.max(1, tokens - (logitsFrom ?? tokens)));

  const fetches = [
    ...(logitsFrom === undefined ? [] : ['logits']),
    ...(wanted.cache ? graph.slots.map(({ present }) => present) : []),
  ];
  const outputs = await session.run(feeds, fetches, wanted.quiet ? { logSeverityLevel: 4 } : {});
  const logits = outputs.logits;
  return {
    logits: logitsFrom === undefined || !logits ? undefined : new KvLogits(logits, batch, tokens),
    cache: wanted.cache ? cacheFromOutputs(graph, outputs, batch, total) : undefined,
  };
}
