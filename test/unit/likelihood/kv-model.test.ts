import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ContextTooLongError,
  type LikelihoodModel,
  type LikelihoodRequest,
} from '../../../src/likelihood/likelihood-model';
import { readKvGraph } from '../../../src/likelihood/onnx/kv-graph';
import { kvLimits } from '../../../src/likelihood/onnx/kv-limits';
import { KvModel } from '../../../src/likelihood/onnx/kv-model';
import type { Batches } from '../../../src/likelihood/onnx/kv-plan';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { readConfig } from '../../../src/likelihood/onnx/model-config';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { buildTrie } from '../../../src/likelihood/token-trie';
import { largestDifference, scoreSeparately, textOf } from '../../support/separate';
import { type TinyHfOptions, writeTinyHf } from '../../support/tiny-hf';
import { TINY, writeTinyModel } from '../../support/tiny-llama';

const letter = fc.constantFrom(...'abcdef 012');
const piece = fc.string({ unit: letter, minLength: 1, maxLength: 12 });
/** Contexts that often share a beginning, as those of a trace do, and sometimes share nothing. */
const anyRequests = fc
  .tuple(
    fc.array(fc.array(piece, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.string({ unit: letter, minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
  )
  .map(([chains, targets]) =>
    chains.flatMap((chain) =>
      chain.flatMap((_, length) =>
        targets.map((target) => ({ context: textOf(chain.slice(0, length + 1)), target })),
      ),
    ),
  );
const anyBudget = fc.record({
  tokens: fc.integer({ min: 1, max: 48 }),
  cachePositions: fc.integer({ min: 1, max: 400 }),
});

/** A trace as CPMI asks about it: five answers after every step. */
const trace = (steps: number, templates = 2): LikelihoodRequest[] =>
  Array.from({ length: templates }, (_, k) => k).flatMap((k) =>
    Array.from({ length: steps + 1 }, (_, t) => t).flatMap((t) =>
      ['10', '12', '1', '9000', '35'].map((answer) => ({
        context: textOf([
          `${k} how many`,
          ...Array.from({ length: t }, (__, i) => `\n\nstep ${i} has a few words`),
        ]),
        target: `so ${answer}`,
      })),
    ),
  );

const folders: string[] = [];
const write = (options?: TinyHfOptions): string => {
  const folder = writeTinyHf(options);
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe.each<{ name: string; options: TinyHfOptions; batches: Batches }>([
  { name: 'plain attention', options: {}, batches: 'padded' },
  { name: 'plain attention, one at a time', options: {}, batches: 'none' },
  { name: 'plain attention, no position_ids', options: { positionIds: false }, batches: 'padded' },
  { name: 'GroupQueryAttention', options: { attention: 'gqa' }, batches: 'single-token' },
  {
    name: 'GroupQueryAttention, no position_ids',
    options: { attention: 'gqa', positionIds: false },
    batches: 'single-token',
  },
  { name: 'logits of the last tokens only', options: { logitsToKeep: true }, batches: 'padded' },
])('a graph in the Hugging Face layout: $name', ({ options, batches }) => {
  let session: InferenceSession;
  let withBudget: (budget: { tokens: number; cachePositions: number }) => LikelihoodModel;
  let plain: LikelihoodModel;
  let tree: LikelihoodModel;

  beforeAll(async () => {
    const folder = write(options);
    const file = join(folder, 'onnx/model.onnx');
    session = await InferenceSession.create(file, { logSeverityLevel: 3 });
    const { encode } = await loadTokenizer(folder);
    const graph = readKvGraph(session, await readConfig(folder, file), file);
    withBudget = ({ tokens, cachePositions }) => {
      const limits = { ...kvLimits(graph, batches, TINY.vocab_size, tokens), cachePositions };
      return new KvModel(
        { name: 'tiny', sha256: '' },
        { session, graph, limits, window: 256, independent: true },
        encode,
      );
    };
    plain = withBudget({ tokens: 4096, cachePositions: 1e6 });
    const treeFolder = writeTinyModel();
    folders.push(treeFolder);
    tree = await loadModel(treeFolder);
  });
  afterAll(async () => {
    await session.release();
    await tree.dispose();
  });

  it('equals separate passes within 5e-5 nats and the tree engine within 1e-4, for any trie and budget', async () => {
    await fc.assert(
      fc.asyncProperty(anyRequests, anyBudget, async (requests, budget) => {
        const { likelihoods, work } = await withBudget(budget).score(requests);
        expect(largestDifference(likelihoods, await scoreSeparately(plain, requests))).toBeLessThan(5e-5);
        const other = await tree.score(requests);
        expect(largestDifference(likelihoods, other.likelihoods)).toBeLessThan(1e-4);
        expect({ ...work, passes: 0 }).toEqual({ ...other.work, passes: 0 });
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('equals one plain pass through the graph by hand', async () => {
    const ids = [...'abc 012 fed'].map((c) => c.charCodeAt(0));
    const int64 = (values: number[]) =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds: Record<string, Tensor> = {};
    for (const name of session.inputNames) {
      if (name === 'input_ids') feeds[name] = int64(ids);
      else if (name === 'attention_mask') feeds[name] = int64(ids.map(() => 1));
      else if (name === 'position_ids') feeds[name] = int64([...ids.keys()]);
      else if (name === 'num_logits_to_keep') feeds[name] = new Tensor('int64', BigInt64Array.of(0n), []);
      else feeds[name] = new Tensor('float32', new Float32Array(0), [1, 2, 0, 16]);
    }
    const { data, dims } = (await session.run(feeds)).logits as Tensor;
    expect(dims).toEqual([1, 11, 128]);
    let expected = 0;
    for (const at of [8, 9, 10]) {
      const row = [...(data as Float32Array)].slice((at - 1) * 128, at * 128);
      const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
      expected += (row[ids[at] ?? 0] ?? 0) - Math.log(sum);
    }
    const { likelihoods } = await plain.score([{ context: { piece: 'abc 012 ' }, target: 'fed' }]);
    expect(likelihoods[0]?.logProb).toBeCloseTo(expected, 4);
    expect(likelihoods[0]?.tokens).toBe(3);
  });

  it('runs each needed prefix once, and counts no padding', async () => {
    const requests = trace(4);
    const { work } = await plain.score(requests);
    const prefixes = new Set<string>();
    let naive = 0;
    for (const { context, target } of requests) {
      let text = target;
      for (let at: typeof context | undefined = context; at; at = at.before) text = at.piece + text;
      naive += text.length;
      for (let i = 1; i < text.length; i++) prefixes.add(text.slice(0, i));
    }
    expect(work.computedPositions).toBe(prefixes.size);
    expect(work.naivePositions).toBe(naive);
    // Two templates, five contexts each: the text up to the context, the start of the target, the answers' tokens.
    const perContext = { padded: 3, 'single-token': 5, none: 5 }[batches];
    expect(work.passes).toBeLessThanOrEqual(2 * 5 * perContext);
  });

  it('reports progress run by run, and stops between two runs when it is cancelled', async () => {
    const seen: [number, number][] = [];
    await withBudget({ tokens: 8, cachePositions: 1e6 }).score(trace(2, 1), {
      onProgress: (done, total) => seen.push([done, total]),
    });
    const total = buildTrie(trace(2, 1), (text) => [...text].map((c) => c.charCodeAt(0)), 256).token.length;
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.map(([done]) => done)).toEqual(
      [...new Set(seen.map(([done]) => done))].sort((a, b) => a - b),
    );
    expect(seen.at(-1)).toEqual([total, total]);

    const controller = new AbortController();
    let runs = 0;
    const cancelled = withBudget({ tokens: 8, cachePositions: 1e6 }).score(trace(2, 1), {
      signal: controller.signal,
      onProgress: () => {
        if (++runs === 2) controller.abort();
      },
    });
    await expect(cancelled).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(runs).toBe(2);
    await expect(plain.score(trace(1, 1))).resolves.toBeDefined();
  });

  it('uses its window to the last position, and refuses or cuts what goes beyond', async () => {
    const of = (tokens: number): LikelihoodRequest[] => [
      { context: { piece: 'abcdefgh'.repeat(40).slice(0, tokens - 2) }, target: 'ab' },
    ];
    const full = await plain.score(of(256));
    expect(full.work.computedPositions).toBe(255);
    await expect(plain.score(of(257))).rejects.toThrow(ContextTooLongError);
    await expect(plain.score(of(257))).rejects.toMatchObject({ request: 0, tokens: 257, window: 256 });
    const cut = await plain.score(of(257), { overflow: 'cut-left' });
    expect(cut.likelihoods[0]?.cut).toBe(128);
    // The same text without its first 128 letters, which is how it begins too.
    const same = await plain.score(of(257 - 128));
    expect(largestDifference(cut.likelihoods, same.likelihoods)).toBeLessThan(5e-5);
  });
});

describe('a graph with 16-bit floats', () => {
  it.each(['plain', 'gqa'] as const)('is near the 32-bit one: %s', async (attention) => {
    const [half, exact] = [
      await loadModel(write({ attention, floats: 'f16' })),
      await loadModel(write({ attention })),
    ];
    const requests = trace(3, 1);
    const { likelihoods } = await half.score(requests);
    expect(largestDifference(likelihoods, (await exact.score(requests)).likelihoods)).toBeLessThan(0.03);
    expect(largestDifference(likelihoods, await scoreSeparately(half, requests))).toBeLessThan(0.03);
    await Promise.all([half.dispose(), exact.dispose()]);
  });
});
