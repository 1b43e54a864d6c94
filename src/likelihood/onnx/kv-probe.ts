import type { InferenceSession } from 'onnxruntime-common';
import { ModelFolderError } from '../model-folder-error';
import { emptyCache, gatherCache, type KvCache } from './kv-cache';
import type { KvGraph } from './kv-graph';
import type { KvLogits } from './kv-logits';
import type { Batches } from './kv-plan';
import { runKv } from './kv-run';

/** What a graph was seen to do. */
export interface Probed {
  /** Length of a row of logits. */
  readonly vocabulary: number;
  readonly batches: Batches;
  /**
   * Whether a token's score depends on nothing but the tokens before it. It does not where activations are rounded to
   * 8 bits with one scale for a whole run: such a graph may share no work between texts.
   */
  readonly independent: boolean;
}

/** Up to which largest difference of a log-probability, in nats, two runs are taken to say the same. */
const SAME = { float32: 1e-3, float16: 5e-2 } as const;
/** From which mean difference on a text is not going on from the cache, but something else is. */
const BROKEN = 0.1;
const START = 4;
const TOKENS = 8;

type Rows = readonly (readonly number[])[];

/**
 * Tries out on a few tokens what a graph can do, because its inputs do not say it: whether a token's score stays what it
 * is when more tokens follow, whether a text goes on from its cache as it does in one piece, and whether sequences in a
 * batch score as they do alone.
 * @throws {ModelFolderError} where the graph cannot be run, gives no numbers, or does not go on from its cache
 */
export async function probeKv(session: InferenceSession, graph: KvGraph, file: string): Promise<Probed> {
  const run = async (past: KvCache, rows: Rows, quiet = false) => {
    const { logits, cache } = await runKv(
      session,
      graph,
      { past, rows },
      { logitsFrom: 0, cache: true, quiet },
    );
    if (!logits || !cache) throw new Error('it gives no logits');
    return { logits, cache };
  };
  const half = graph.cacheType === 'float16' || graph.logitsType === 'float16';
  const tolerance = SAME[half ? 'float16' : 'float32'];
  try {
    const nothing = emptyCache(graph, 1);
    const vocabulary = (await run(nothing, [[0]])).logits.vocabulary;
    const text = Array.from({ length: TOKENS }, (_, i) => Math.floor((vocabulary * (i + 1)) / (TOKENS + 2)));
    const whole = await run(nothing, [text]);
    const start = await run(nothing, [text.slice(0, START)]);
    if (largest(all(whole.logits, START - 1), all(start.logits, START - 1)) > tolerance) {
      return { vocabulary, batches: 'none', independent: false };
    }
    const rest = await run(start.cache, [text.slice(START)]);
    if (mean(all(whole.logits, TOKENS - 1), all(rest.logits, TOKENS - START - 1)) > BROKEN) {
      throw new Error('a text that goes on from the cache scores unlike the same text in one piece');
    }
    const [first = 0, second = 0] = text;
    const other = await run(start.cache, [[second]]);
    const again = await run(start.cache, [[first, second]]);
    const past = gatherCache(
      graph,
      [0, 0].map((row) => ({ cache: start.cache, row })),
      START,
    );
    /** Whether two sequences beside each other score as `again`, or its beginning, and `other` did alone. */
    const same = async (rows: Rows): Promise<boolean> => {
      const beside = await run(past, rows, true).catch(() => undefined); // the graph takes no such batch
      if (!beside) return false;
      const differences = (rows[0] ?? []).map((_, i) => largest(all(beside.logits, i), all(again.logits, i)));
      differences.push(largest(all(beside.logits, 0, 1), all(other.logits, 0)));
      return Math.max(...differences) <= tolerance;
    };
    const batches = (await same([[first, second], [second]]))
      ? 'padded'
      : (await same([[first], [second]]))
        ? 'single-token'
        : 'none';
    return { vocabulary, batches, independent: true };
  } catch (error) {
    throw new ModelFolderError(
      `${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Log-probabilities of the whole vocabulary after a token of a row. */
function all(logits: KvLogits, index: number, row = 0): number[] {
  return logits.logProbs(row, index, [...Array(logits.vocabulary).keys()]);
}

function largest(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, difference(value, b[i])), 0);
}

function mean(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + difference(value, b[i]), 0) / a.length;
}

/** 0 for two −∞, which a vocabulary's unused tokens may have. */
const difference = (a: number, b = Number.NaN): number => (a === b ? 0 : Math.abs(a - b));
