import { loadModel } from '../../../../src/likelihood/onnx/load-model';
import { batches } from '../batches';
import { serve } from '../contestant';
import { HfRunner } from '../hf-runner';
import { MODEL, readTraces, requestsOf, tokeniser } from '../workload';
import { settingsOf } from '../workload-ways';

const BATCH = 12;

/** What each way scores with, and whether in batches. */
const WAYS: Readonly<Record<string, { readonly settings: string; readonly batched: boolean }>> = {
  batches: { settings: 'incremental', batched: true },
  'marginal batches': { settings: 'marginal', batched: true },
  'after batches': { settings: 'after', batched: true },
  'one by one': { settings: 'incremental', batched: false },
  'marginal one by one': { settings: 'marginal', batched: false },
  'after one by one': { settings: 'after', batched: false },
};

/**
 * The authors' algorithm, K · (T + 1) · (1 + M) full passes and nothing shared, on the product's weights and precision, in two
 * ways: in padded batches of 12 with every token's logits, as their code does; and one request at a time on the scoring graph,
 * where nothing is padded and only target tokens reach the LM head.
 */
const model = loadModel(MODEL);
const runner = HfRunner.open();
const encode = tokeniser();

serve(
  async ({ file }) => {
    await Promise.all([model, runner, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  async (trace, way) => {
    const known = WAYS[way];
    if (!known) throw new RangeError(`no way is called ${way}`);
    const requests = requestsOf(trace, settingsOf(known.settings));
    let positions = 0;
    if (known.batched) {
      for (const batch of batches((await encode)(requests), BATCH)) {
        positions += (await (await runner).logProbs(batch)).positions;
      }
    } else {
      for (const request of requests) {
        positions += (await (await model).score([request])).work.computedPositions;
      }
    }
    return { positions };
  },
);
