import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import {
  ContextTooLongError,
  type LikelihoodModel,
  type LikelihoodRequest,
  type ScoreOptions,
  type ScoreResult,
  UnanswerableError,
} from '../../../src/likelihood/likelihood-model';
import { ModelFolderError } from '../../../src/likelihood/model-folder-error';
import { ModelCrashedError } from '../../../src/likelihood/process/model-crashed-error';
import { ScoringClient, serveScoring } from '../../../src/likelihood/process/scoring-channel';
import { ExchangeError, ServerError } from '../../../src/likelihood/server/errors';

type Score = (requests: readonly LikelihoodRequest[], options: ScoreOptions) => Promise<ScoreResult>;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A client whose requests a function answers behind a message channel; without one no model is loaded. */
function clientOf(score?: Score): ScoringClient {
  const { port1, port2 } = new MessageChannel();
  const [near, far] = [port1, port2].map((port) =>
    createMessageConnection(new PortMessageReader(port), new PortMessageWriter(port)),
  );
  if (!near || !far) throw new Error('a channel has two ends');
  const model: LikelihoodModel | undefined = score && {
    id: { name: 'a', sha256: 'b' },
    window: 100,
    judges: false,
    score: (requests, options = {}) => score(requests, options),
    dispose: async () => {},
  };
  const client = new ScoringClient(near);
  serveScoring(far, () => model);
  near.listen();
  far.listen();
  closers.push(() => {
    near.dispose();
    far.dispose();
    port1.close();
  });
  return client;
}

const QUESTION = { piece: 'What is 2 + 3?' };
const REQUESTS = [
  { context: QUESTION, target: ' 5' },
  { context: { before: QUESTION, piece: ' It is' }, target: ' 6' },
];
const WORK = { naivePositions: 4, distinctPositions: 3, computedPositions: 3, passes: 1 };

describe('the scoring channel', () => {
  it('gives the requests, the options and the answers as they are', async () => {
    const met: unknown[] = [];
    const client = clientOf(async (requests, { overflow, reuse }) => {
      met.push(requests, overflow, reuse);
      return { likelihoods: requests.map((_, i) => ({ logProb: -i / 3, tokens: 1, cut: 0 })), work: WORK };
    });
    const result = await client.score(REQUESTS, { overflow: 'cut-left', reuse: 'take' });
    expect(met).toEqual([REQUESTS, 'cut-left', 'take']);
    expect(result).toEqual({
      likelihoods: [
        { logProb: -0, tokens: 1, cut: 0 },
        { logProb: -1 / 3, tokens: 1, cut: 0 },
      ],
      work: WORK,
    });
  });

  it('tells each call of its own progress', async () => {
    const client = clientOf(async ([first], { onProgress }) => {
      onProgress?.(first?.target.length ?? 0, 9);
      return { likelihoods: [], work: WORK };
    });
    const told: string[] = [];
    await Promise.all(
      ['a', 'bb'].map((target) =>
        client.score([{ context: QUESTION, target }], {
          onProgress: (done, total) => told.push(`${target}: ${done} of ${total}`),
        }),
      ),
    );
    expect(told.sort()).toEqual(['a: 1 of 9', 'bb: 2 of 9']);
  });

  it('cancels at the other end', async () => {
    const stop = new AbortController();
    const client = clientOf((_, { signal }) => {
      stop.abort();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    await expect(client.score(REQUESTS, { signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('asks nothing where the signal has fired before', async () => {
    let asked = 0;
    const client = clientOf(async () => {
      asked++;
      return { likelihoods: [], work: WORK };
    });
    await expect(client.score(REQUESTS, { signal: AbortSignal.abort() })).rejects.toThrow(DOMException);
    expect(asked).toBe(0);
  });

  it.each([
    new ContextTooLongError(1, 200, 100),
    new UnanswerableError('a reason'),
    new ModelFolderError('a reason'),
    new ModelCrashedError('a reason'),
    new ServerError('a reason'),
    new ExchangeError('a reason', 'key'),
    new Error('a reason'),
  ])('throws what the model throws, as the class it is: %s', async (error) => {
    const client = clientOf(async () => {
      throw error;
    });
    const met = await client.score(REQUESTS).catch((caught: unknown) => caught);
    expect(met).toBeInstanceOf(error.constructor);
    expect({ ...(met as Error), message: (met as Error).message }).toEqual({
      ...error,
      message: error.message,
    });
  });

  it('says that no model is loaded', async () => {
    await expect(clientOf().score(REQUESTS)).rejects.toThrow('no model is loaded');
  });
});
