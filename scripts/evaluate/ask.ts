import { belongsTo } from '../../src/labels';
import type { LikelihoodModel, ModelId } from '../../src/likelihood/likelihood-model';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { fill } from './likelihoods/fill';
import { LAYERS } from './likelihoods/layers';
import { LikelihoodStore } from './likelihoods/store';
import type { Options } from './options';
import { CACHE } from './root';
import type { Subject } from './subjects';

/** A line on stderr every so many traces. */
const EVERY = 20;

/** Asks the model for what is not kept yet, and says on stderr how far it is. */
export async function ask(options: Options, subjects: readonly Subject[]): Promise<ModelId> {
  const model: LikelihoodModel = await loadModel(
    options.model,
    options.threads === undefined ? {} : { threads: options.threads },
  );
  const id = { ...model.id, name: options.modelName ?? model.id.name };
  const { shard } = options;
  const mine = shard ? subjects.filter((_, i) => belongsTo(shard, i)) : subjects;
  const store = await LikelihoodStore.open(CACHE, id);
  try {
    for (const layer of LAYERS.slice(0, options.layers)) {
      const say = ({ kept, wanted, tooLong }: { kept: number; wanted: number; tooLong: number }) => {
        const aside = tooLong > 0 ? `, ${tooLong} too long for the model` : '';
        process.stderr.write(`${layer.name}: ${kept} of ${wanted} traces${aside}\n`);
      };
      const done = await fill(layer, mine, store, model, options.deadline, (filled) => {
        if (filled.kept % EVERY === 0) say(filled);
      });
      say(done);
    }
  } finally {
    await store.close();
    await model.dispose();
  }
  return id;
}
