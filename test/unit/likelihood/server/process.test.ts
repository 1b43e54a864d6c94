import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnanswerableError } from '../../../../src/likelihood/likelihood-model';
import { ProcessModel } from '../../../../src/likelihood/process/process-model';
import { ExchangeError, ServerError } from '../../../../src/likelihood/server';
import { expected } from '../../../support/stub-language';
import { startStub } from '../../../support/stub-server';
import { buildWorker } from '../../../support/worker';
import { FAST, REQUESTS, stub } from './stubs';

let worker: string;
beforeAll(async () => {
  worker = await buildWorker();
}, 60_000);
afterAll(() => rmSync(dirname(worker), { recursive: true }));

const start = (urls: readonly string[], keys = {}) =>
  ProcessModel.start({ worker, folder: '', server: { urls, keys, backOff: FAST, timeoutMs: 5_000 } });

describe('the scoring process', () => {
  it('scores on servers, tells what they are, and is the same model as here', async () => {
    const model = await start([(await stub({ dialect: 'sglang' })).url]);
    try {
      const { likelihoods } = await model.score(REQUESTS);
      expect(likelihoods[3]?.logProb).toBeCloseTo(expected(REQUESTS[3] as never).logProb, 9);
      expect(model.found.join()).toMatch(/SGLang, model stub-model/);
      expect(model.window).toBe(4096);
    } finally {
      await model.dispose();
    }
  }, 30_000);

  it('hands on what went wrong as what it was', async () => {
    const locked = await stub({ dialect: 'vllm', key: 'k' });
    await expect(start([locked.url])).rejects.toMatchObject({ kind: 'key', constructor: ExchangeError });
    const text = await stub({ dialect: 'llama-cpp-python' });
    const model = await start([text.url, locked.url].slice(0, 1), { [locked.url]: 'k' });
    try {
      const joined = {
        context: { before: { piece: 'a pass' }, piece: 'word is' },
        target: 'The answer is: 7',
      };
      await expect(model.score([joined])).rejects.toBeInstanceOf(UnanswerableError);
    } finally {
      await model.dispose();
    }
    const gone = await startStub({ dialect: 'vllm' });
    await gone.close();
    await expect(start([gone.url])).rejects.toBeInstanceOf(ServerError);
  }, 30_000);
});
