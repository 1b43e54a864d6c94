import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { Tensor } from 'onnxruntime-node';
import { plainPass } from '../../scripts/model/calibrate';
import { openNative } from '../../src/likelihood/onnx/runtime/native';
import type { LlamaConfig } from '../../src/models/import/llama';

/** A model that continues text: the most likely token, again and again. For proofs and tests; the product never generates. */
export interface Greedy {
  /** The continuation of `prompt` by `count` tokens. */
  continue(prompt: string, count: number): Promise<string>;
  /** For each token of `continuation`, how much more likely the most likely token is, in nats; 0 where it is that one. */
  regrets(prompt: string, continuation: string): Promise<number[]>;
  dispose(): Promise<void>;
}

export async function openGreedy(folder: string, config: LlamaConfig): Promise<Greedy> {
  const runtime = await openNative();
  const session = await runtime.open({ graph: join(folder, 'model.onnx'), data: [] }, {});
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
  // The product takes what spells a special token for text; a chat that is to be continued means it.
  const tokenizer = new Tokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const encode = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  const vocabulary = Array.from({ length: config.vocab_size }, (_, token) => token);

  const next = async (ids: readonly number[]): Promise<Float32Array> => {
    const feeds = plainPass(config, ids);
    feeds.rows = new Tensor('int64', BigInt64Array.of(BigInt(ids.length - 1)), [1]);
    const pairs = BigInt64Array.from(vocabulary.flatMap((token) => [0n, BigInt(token)]));
    feeds.pairs = new Tensor('int64', pairs, [vocabulary.length, 2]);
    return (await session.run(feeds)).log_probs?.data as Float32Array;
  };
  const best = (logProbs: Float32Array) =>
    logProbs.reduce((top, v, token) => (v > (logProbs[top] ?? 0) ? token : top), 0);

  return {
    async continue(prompt, count) {
      const ids = [...encode(prompt)];
      const start = ids.length;
      while (ids.length < start + count) ids.push(best(await next(ids)));
      return tokenizer.decode(ids.slice(start), { skip_special_tokens: false });
    },
    async regrets(prompt, continuation) {
      const ids = [...encode(prompt)];
      const found: number[] = [];
      for (const token of encode(continuation)) {
        const logProbs = await next(ids);
        found.push((logProbs[best(logProbs)] ?? 0) - (logProbs[token] ?? 0));
        ids.push(token);
      }
      return found;
    },
    dispose: () => session.release(),
  };
}
