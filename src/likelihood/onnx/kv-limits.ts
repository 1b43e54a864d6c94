import { bytesPerPosition, type KvGraph } from './kv-graph';
import type { Batches, KvLimits } from './kv-plan';

/** New tokens of a run; more would not be faster, only later to hear a cancel. */
const MOST_TOKENS = 512;
/** Logits of a run: unlike our own graph these give a whole row of the vocabulary for every token, wanted or not. */
const LOGITS_BYTES = 128 * 2 ** 20;
/** Attention scores of one layer, which plain exports write out: tokens × (past + tokens) × heads. */
const SCORES_BYTES = 256 * 2 ** 20;
/** Caches of the batches of short branches. */
const BATCH_BYTES = 256 * 2 ** 20;
/**
 * Keys and values of one text. While a run lasts they are in memory up to three times: what goes in, what comes out, and
 * the copy that JavaScript gets of it.
 */
const PATH_BYTES = 2 * 2 ** 30;

/** Bounds the memory of a run by its sizes, whatever model it is. */
export function kvLimits(
  graph: KvGraph,
  batches: Batches,
  vocabulary: number,
  most: number = MOST_TOKENS,
): KvLimits {
  const byLogits = LOGITS_BYTES / (4 * vocabulary);
  const scoresPerPair = 4 * graph.heads;
  return {
    batches,
    tokens: (past) => {
      const byScores = SCORES_BYTES / (scoresPerPair * (past + most));
      return Math.max(1, Math.floor(Math.min(most, byLogits, byScores)));
    },
    cachePositions: Math.floor(BATCH_BYTES / bytesPerPosition(graph)),
  };
}

/**
 * The model's window, or the longest text whose keys and values fit the memory that one text may take.
 * @param bytes of one position's keys and values
 */
export function windowInMemory(bytes: number, window: number): number {
  return Math.max(1, Math.min(window, Math.floor(PATH_BYTES / bytes)));
}
