import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LikelihoodModel } from '../../../src/likelihood/likelihood-model';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { DEFAULT_BUDGET, TreeModel } from '../../../src/likelihood/onnx/tree-model';
import type { PassBudget } from '../../../src/likelihood/pass-plan';
import { int8 } from '../../../src/models/import/precision/int8';
import { largestDifference, scoreSeparately, textOf } from '../../support/separate';
import { TINY, writeTinyModel } from '../../support/tiny-llama';

const letter = fc.constantFrom(...'abcdef 012');
const piece = fc.string({ unit: letter, minLength: 1, maxLength: 24 });
/** Contexts that often share a beginning, as those of a trace do, and sometimes share nothing. */
const anyRequests = fc
  .tuple(
    fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([chains, targets]) =>
    chains.flatMap((chain) =>
      chain.flatMap((_, length) =>
        targets.map((target) => ({ context: textOf(chain.slice(0, length + 1)), target })),
      ),
    ),
  );
const anyBudget = fc.record({
  positions: fc.integer({ min: 1, max: 64 }),
  rows: fc.integer({ min: 1, max: 32 }),
});

describe('packed tree scoring, 32-bit graph', () => {
  let folder: string;
  let session: InferenceSession;
  let withBudget: (budget: PassBudget) => TreeModel;
  let plain: LikelihoodModel;

  beforeAll(async () => {
    folder = writeTinyModel();
    session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
    const { encode } = await loadTokenizer(folder);
    const shape = {
      layers: TINY.num_hidden_layers,
      kvHeads: TINY.num_key_value_heads,
      headDim: TINY.head_dim,
      window: 256,
    };
    withBudget = (budget) => new TreeModel({ name: 'tiny', sha256: '' }, session, shape, encode, budget);
    plain = withBudget({ positions: 4096, rows: 4096 });
  });
  afterAll(async () => {
    await session.release();
    rmSync(folder, { recursive: true });
  });

  it('equals separate plain passes within 5e-5 nats, for any trie and however it is cut into passes', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequests, anyBudget, async (requests, budget) => {
        const { likelihoods, work } = await withBudget(budget).score(requests);
        expect(largestDifference(likelihoods, await scoreSeparately(plain, requests))).toBeLessThan(5e-5);
        expect(work.computedPositions).toBeLessThanOrEqual(work.distinctPositions);
      }),
      { numRuns: 60 },
    );
  });

  it('equals separate passes where it takes over from the call before, whatever that was', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequests, anyRequests, anyBudget, async (first, second, budget) => {
        const model = withBudget(budget);
        await model.score(first, { reuse: 'offer' });
        const both = [...first.slice(1), ...second];
        const { likelihoods, work } = await model.score(both, { reuse: 'take' });
        expect(largestDifference(likelihoods, await scoreSeparately(plain, both))).toBeLessThan(5e-5);
        const fresh = await model.score(both);
        expect(work.computedPositions).toBeLessThanOrEqual(fresh.work.computedPositions);
      }),
      { numRuns: 60 },
    );
  });

  it('runs what an edit changes and nothing else', async () => {
    const question = { piece: 'abcdef'.repeat(20) }; // 120 tokens
    const model = withBudget(DEFAULT_BUDGET);
    const counts = async (steps: readonly string[], reuse?: 'offer' | 'take') => {
      const requests = steps.map((piece) => ({ context: { before: question, piece }, target: 'f1' }));
      return (await model.score(requests, reuse ? { reuse } : {})).work.computedPositions;
    };
    const step = (letters: string) => letters.repeat(50);
    const steps = [step('b0'), step('c0'), step('d0')]; // 100 tokens each, and the target's first one
    const all = 120 + 3 * 101;
    expect(await counts(steps, 'offer')).toBe(all);
    expect(await counts(steps, 'take')).toBe(0);
    expect(await counts([step('b0'), step('e1'), step('d0')], 'take')).toBe(101);
    expect(await counts(steps, 'offer')).toBe(all); // what has to come out the same every time takes nothing over
    expect(await counts(steps)).toBe(all);
    expect(await counts(steps, 'take')).toBe(all); // nor was anything left by the call before
  });

  it('runs what follows an edit, also where one pass took all of the trace', async () => {
    const model = withBudget(DEFAULT_BUDGET);
    const counts = async (steps: readonly string[], reuse: 'offer' | 'take') => {
      const chain = steps.map((_, i) => textOf(steps.slice(0, i + 1)));
      const requests = chain.map((context) => ({ context, target: 'f1' }));
      const { passes, computedPositions } = (await model.score(requests, { reuse })).work;
      return { passes, computedPositions };
    };
    const step = (letters: string) => letters.repeat(15);
    const [a, b, c, d] = [step('a0'), step('b0'), step('c0'), step('d0')] as const; // 30 tokens, and the target's first one
    expect(await counts([a, b, c], 'offer')).toEqual({ passes: 1, computedPositions: 3 * 31 });
    expect(await counts([a, d, c], 'take')).toEqual({ passes: 1, computedPositions: 2 * 31 });
    expect(await counts([a, d, b], 'take')).toEqual({ passes: 1, computedPositions: 31 });
  });

  it('sees the position and the branch of a token: the same tokens elsewhere score otherwise', async () => {
    const at = async (context: string) =>
      (await plain.score([{ context: { piece: context }, target: 'ab' }])).likelihoods[0]?.logProb ?? 0;
    const [one, two, swapped] = [await at('abc'), await at(' abc'), await at('bac')];
    expect(Math.abs(one - two)).toBeGreaterThan(0.01);
    expect(Math.abs(one - swapped)).toBeGreaterThan(0.01);
  });

  it('gives log-probabilities: over all tokens they sum to one', async () => {
    const alphabet = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
    const { likelihoods } = await plain.score(
      alphabet.map((target) => ({ context: { piece: 'abc' }, target })),
    );
    expect(likelihoods.reduce((sum, l) => sum + Math.exp(l.logProb), 0)).toBeCloseTo(1, 4);
  });

  it('stops between two passes when it is cancelled', async () => {
    const controller = new AbortController();
    const requests = [{ context: { piece: 'abcdefabcdef' }, target: 'ab' }];
    const passes: number[] = [];
    const run = withBudget({ positions: 2, rows: 8 }).score(requests, {
      signal: controller.signal,
      onProgress: (done) => {
        passes.push(done);
        if (passes.length === 2) controller.abort();
      },
    });
    await expect(run).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(passes).toEqual([2, 4]);
  });
});

describe('packed tree scoring, 8-bit graph', () => {
  it('is near the 32-bit graph, and near separate passes', async () => {
    const [exactFolder, folder] = [writeTinyModel(), writeTinyModel(int8())];
    const [exact, model] = await Promise.all([loadModel(exactFolder), loadModel(folder)]);
    const requests = ['abc', 'abcdef 01', 'abcdef 012 fed'].flatMap((context) =>
      ['ab', '12', 'f'].map((target) => ({ context: { piece: context }, target })),
    );
    const { likelihoods } = await model.score(requests);
    expect(largestDifference(likelihoods, (await exact.score(requests)).likelihoods)).toBeLessThan(0.3);
    expect(largestDifference(likelihoods, await scoreSeparately(model, requests))).toBeLessThan(0.1);
    await Promise.all([exact.dispose(), model.dispose()]);
    for (const f of [exactFolder, folder]) rmSync(f, { recursive: true });
  });
});
