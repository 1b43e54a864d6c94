import { join } from 'node:path';
import { batches, padded, targetLogProbs } from '../batches';
import { serve } from '../contestant';
import { hfExport } from '../hf-export';
import { benchPackage } from '../install';
import { PAPER, readTraces, requestsOf, tokeniser } from '../workload';

const BATCH = 12;

/** The parts of @huggingface/transformers that are used here. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoModelForCausalLM: {
    from_pretrained(
      folder: string,
      options: object,
    ): Promise<(inputs: object) => Promise<{ logits: Logits }>>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown;
}
interface Logits {
  readonly data: Float32Array;
}

/** @huggingface/transformers running the authors' loop, in the way its documentation shows: batches, all logits. */
async function open() {
  const { env, AutoModelForCausalLM, Tensor } = await benchPackage<Transformers>('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = join(await hfExport(), '..');
  const options = { dtype: 'q8', device: 'cpu', local_files_only: true };
  return { Tensor, model: await AutoModelForCausalLM.from_pretrained('hf', options) };
}

const opened = open();
const encode = tokeniser();

serve(
  async ({ file }) => {
    await Promise.all([opened, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  async (trace) => {
    const { Tensor, model } = await opened;
    let positions = 0;
    for (const requests of batches((await encode)(requestsOf(trace, PAPER)), BATCH)) {
      const { rows, width, ids, mask } = padded(requests);
      const { logits } = await model({
        input_ids: new Tensor('int64', ids, [rows, width]),
        attention_mask: new Tensor('int64', mask, [rows, width]),
      });
      targetLogProbs(requests, width, logits.data);
      positions += ids.length;
    }
    return { positions };
  },
);
