import { describe, expect, it } from 'vitest';
import { UnanswerableError } from '../../../../src/likelihood/likelihood-model';
import { STUBS, type StubName } from '../../../support/stub-dialects';
import { encode, expected } from '../../../support/stub-language';
import { open, REQUESTS, stub } from './stubs';

const NAMES = Object.keys(STUBS) as StubName[];
const START = encode('^');

describe.each(NAMES)('a server that speaks %s', (dialect) => {
  it('is recognised, and gives the log-likelihoods that the model has', async () => {
    const server = await stub({ dialect });
    const { model, found } = await open([server.url]);
    const { likelihoods, work } = await model.score(REQUESTS);
    REQUESTS.forEach((request, i) => {
      const right = expected(request);
      expect(likelihoods[i]?.tokens).toBe(right.tokens);
      expect(likelihoods[i]?.logProb).toBeCloseTo(right.logProb, 9);
    });
    expect(found).toHaveLength(1);
    expect(model.id.name).toBe('stub-model');
    // "7" is answered along with "72", so six questions answer eight requests.
    expect(work.passes).toBe(6);
    expect(work.computedPositions).toBeLessThan(work.naivePositions);
  });

  it.skipIf(dialect === 'echo of text')('begins every context with the start tokens, once', async () => {
    const server = await stub({ dialect, start: START });
    const { model } = await open([server.url]);
    const { likelihoods } = await model.score(REQUESTS);
    REQUESTS.forEach((request, i) => {
      expect(likelihoods[i]?.logProb).toBeCloseTo(expected(request, START).logProb, 9);
    });
  });

  it('tells how far it is, up to the end', async () => {
    const { model } = await open([(await stub({ dialect })).url]);
    const told: number[] = [];
    const { work } = await model.score(REQUESTS, { onProgress: (done, total) => told.push(done / total) });
    expect(told.at(-1)).toBe(1);
    expect(told).toHaveLength(work.passes);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
  });
});

describe('a server that takes text only', () => {
  // Together they are another word.
  const request = { context: { before: { piece: 'a pass' }, piece: 'word is' }, target: 'The answer is: 7' };

  it.each([
    'llama-cpp-python',
    'echo of text',
  ] as const)('%s: what it would cut into other tokens than its pieces is not scored', async (dialect) => {
    const { model } = await open([(await stub({ dialect })).url]);
    await expect(model.score([request])).rejects.toThrow(UnanswerableError);
  });

  it('leaves no choice where token ids are taken', async () => {
    const { model } = await open([(await stub({ dialect: 'vllm' })).url]);
    const { likelihoods } = await model.score([request]);
    expect(likelihoods[0]?.logProb).toBeCloseTo(expected(request).logProb, 9);
  });
});
