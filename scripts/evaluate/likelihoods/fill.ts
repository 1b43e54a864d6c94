import { ContextTooLongError, type LikelihoodModel } from '../../../src/likelihood/likelihood-model';
import type { Subject } from '../subjects';
import type { Block } from './blocks';
import type { Layer } from './layers';
import type { LikelihoodStore } from './store';

export interface Filled {
  /** Traces whose answers are kept, those of earlier runs included. */
  readonly kept: number;
  readonly wanted: number;
  /** Too long for the model's window. */
  readonly tooLong: number;
}

/**
 * Asks for what of a layer is not kept yet.
 * @param deadline stops before the next trace when `performance.now()` is beyond it
 */
export async function fill(
  layer: Layer,
  subjects: readonly Subject[],
  store: LikelihoodStore,
  model: LikelihoodModel,
  deadline: number,
  onTrace: (filled: Filled) => void,
): Promise<Filled> {
  let [kept, tooLong] = [0, 0];
  for (const subject of subjects) {
    const blocks = layer.blocks(subject);
    // Estimators that read the same contexts (`incremental` and `lasting`) have the same block.
    const distinct = new Map(blocks.map((block) => [block.key, block]));
    const missing = [...distinct.values()].filter(({ key }) => !store.has(key));
    if (missing.length > 0) {
      if (performance.now() > deadline) continue;
      if (!(await ask(missing, store, model))) {
        tooLong++;
        continue;
      }
    }
    kept++;
    if (missing.length > 0) onTrace({ kept, tooLong, wanted: subjects.length });
  }
  return { kept, tooLong, wanted: subjects.length };
}

/** One call for all blocks. @returns false where a context does not fit the model's window */
async function ask(
  blocks: readonly Block[],
  store: LikelihoodStore,
  model: LikelihoodModel,
): Promise<boolean> {
  try {
    const { likelihoods } = await model.score(blocks.flatMap(({ requests }) => requests));
    let at = 0;
    for (const { key, requests } of blocks) {
      await store.add(key, likelihoods.slice(at, at + requests.length));
      at += requests.length;
    }
    return true;
  } catch (error) {
    if (error instanceof ContextTooLongError) return false;
    throw error;
  }
}
