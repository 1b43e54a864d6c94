import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LikelihoodRequest, UnanswerableError } from '../../../../src/likelihood/likelihood-model';
import { textOf } from '../../../support/separate';
import { STUBS, type StubName } from '../../../support/stub-dialects';
import { encode, expected } from '../../../support/stub-language';
import { open, stub } from './stubs';

/** Pieces that a tokeniser may well join where they meet: words, blanks, line breaks, letters beyond UTF-16's first plane. */
const text = fc
  .array(fc.constantFrom('a', 'pass', 'word', ' ', '\n', '\n\n', '7', '-', 'é', '𝒙', '🙂'), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(''));
const request: fc.Arbitrary<LikelihoodRequest> = fc.record({
  context: fc.array(text, { minLength: 1, maxLength: 4 }).map(textOf),
  target: text,
});

describe('where context and target meet', () => {
  it.each(
    Object.keys(STUBS) as StubName[],
  )('%s: the score is that of the pieces, or there is none', async (dialect) => {
    const { model } = await open([(await stub({ dialect })).url]);
    let scored = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 3 }), async (requests) => {
        const answer = await model.score(requests).catch((error: unknown) => {
          if (error instanceof UnanswerableError && dialect !== 'vllm') return undefined;
          throw error;
        });
        answer?.likelihoods.forEach(({ logProb, tokens }, i) => {
          const right = expected(requests[i] as LikelihoodRequest);
          expect(tokens).toBe(right.tokens);
          expect(logProb).toBeCloseTo(right.logProb, 9);
          scored++;
        });
      }),
      { numRuns: 25 },
    );
    expect(scored).toBeGreaterThan(0);
  });

  it('refuses a chat frame, which only a model folder can fill', async () => {
    const { model } = await open([(await stub({ dialect: 'vllm' })).url]);
    const context = { before: { piece: '', frame: 'before' as const }, piece: 'two and two?' };
    await expect(model.score([{ context, target: '4' }])).rejects.toThrow(/chat template.*model folder only/);
  });

  it('asks nothing twice, and what begins alike one after the other', async () => {
    const server = await stub({ dialect: 'vllm' });
    const { model } = await open([server.url], { concurrency: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
        const before = server.requests.length;
        const { work } = await model.score(requests);
        const prompts = server.requests
          .slice(before)
          .filter(({ path }) => path === '/v1/completions')
          .map(({ body }) => (body.prompt as number[]).map((id) => String.fromCodePoint(id + 256)).join(''));
        expect(new Set(prompts).size).toBe(prompts.length);
        expect(prompts).toHaveLength(work.passes);
        expect([...prompts].sort()).toEqual(prompts);
        expect(work.computedPositions).toBe(prompts.reduce((sum, prompt) => sum + [...prompt].length, 0));
      }),
      { numRuns: 15 },
    );
  });

  it('cuts from the left, and keeps the start tokens', async () => {
    const start = encode('^');
    const server = await stub({ dialect: 'vllm', start });
    const { model } = await open([server.url], { window: 16 });
    const context = { piece: '1 2 3 4 5 6 7 8 9 1 2 3 4 5' };
    await expect(model.score([{ context, target: 'a' }])).rejects.toThrow(/window is 16/);
    const { likelihoods } = await model.score([{ context, target: 'a' }], { overflow: 'cut-left' });
    expect(likelihoods[0]?.cut).toBeGreaterThan(0);
    expect((server.requests.at(-1)?.body.prompt as number[])[0]).toBe(start[0]);
  });
});
