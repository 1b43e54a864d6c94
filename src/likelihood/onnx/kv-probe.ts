import type { InferenceSession } from 'onnxruntime-node';
import { ModelFolderError } from '../model-folder-error';
import { emptyCache, gatherCache, type KvCache } from './kv-cache';
import type { KvGraph } from './kv-graph';
import type { KvLogits } from './kv-logits';
import type { Batches } from './kv-plan';
import { type KvOutputs, runKv } from './kv-run';

/** What a graph was seen to do. */
export interface Probed {
  readonly vocabulary: number;
  readonly batches: Batches;
}

/** Up to which difference of a log-probability, in nats, a batch is taken to say the same as its rows alone. */
const SAME = { float32: 1e-3, float16: 2e-2 } as const;
/**
 * From which mean difference on a graph whose cache is continued is taken not to be the same model any more: 8-bit graphs
 * that share one scale among a run's tokens differ by up to a few tenths, a wrong position or a lost past by whole nats.
 */
const BROKEN = 1;

/**
 * Tries out on a few tokens what a graph can do, because neither its inputs nor its documentation say it: whether a text
 * goes on from its cache as it does in one piece, and whether several sequences in a batch score as they do alone.
 * @throws {ModelFolderError} where the graph cannot be run, gives no numbers, or does not go on from its cache
 */
export async function probeKv(session: InferenceSession, graph: KvGraph, file: string): Promise<Probed> {
  const run = async (past: KvCache, rows: readonly (readonly number[])[], quiet = false) => {
    const outputs = await runKv(session, graph, { past, rows }, { logitsFrom: 0, cache: true, quiet });
    return needed(outputs);
  };
  try {
    const nothing = emptyCache(graph, 1);
    const whole = await run(nothing, [[0, 1, 2, 3]]);
    const start = await run(nothing, [[0]]);
    const long = await run(start.cache, [[1, 2, 3]]);
    const short = await run(start.cache, [[2]]);
    const everything = Array.from({ length: whole.logits.vocabulary }, (_, token) => token);
    const row = (logits: KvLogits, r: number, index: number) => logits.logProbs(r, index, everything);

    if (meanDifference(row(whole.logits, 0, 3), row(long.logits, 0, 2)) > BROKEN) {
      throw new Error('a text that goes on from the cache scores unlike the same text in one piece');
    }
    const twice = gatherCache(
      graph,
      [start, start].map(({ cache }) => ({ cache, row: 0 })),
      1,
    );
    /** Whether sequences beside each other score as they did alone. */
    const same = (rows: readonly (readonly number[])[]) =>
      run(twice, rows, true).then(
        ({ logits }) =>
          rows.every((tokens, r) => {
            const alone = tokens[0] === 1 ? long : short;
            return tokens.every(
              (_, i) => largest(row(logits, r, i), row(alone.logits, 0, i)) < SAME[graph.cacheType],
            );
          }),
        () => false, // the graph takes no such batch
      );
    const batches = (await same([[1, 2, 3], [2]]))
      ? 'padded'
      : (await same([[1], [2]]))
        ? 'single-token'
        : 'none';
    return { vocabulary: whole.logits.vocabulary, batches };
  } catch (error) {
    throw new ModelFolderError(
      `${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function needed({ logits, cache }: KvOutputs): { logits: KvLogits; cache: KvCache } {
  if (logits && cache) return { logits, cache };
  throw new Error('it gave no logits');
}

function largest(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, difference(value, b[i])), 0);
}

function meanDifference(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + difference(value, b[i]), 0) / a.length;
}

/** 0 for two −∞, which padding tokens of a vocabulary may have. */
const difference = (a: number, b = Number.NaN): number => (a === b ? 0 : Math.abs(a - b));
