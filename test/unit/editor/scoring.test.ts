import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepare } from '../../../src/cpmi/score-trajectory';
import { DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { RewardCache } from '../../../src/editor/scoring/cache';
import { cacheKey } from '../../../src/editor/scoring/cache-key';
import { estimateCost } from '../../../src/editor/scoring/cost';
import { JobQueue } from '../../../src/editor/scoring/queue';
import { goldOf, hasGold, scorable } from '../../../src/editor/scoring/scorable';
import { scoredWith, traceOf } from './traces';

const MODEL = { name: 'm', sha256: 'ab'.repeat(32) };
const keyOf = (n: number) => n.toString(16).padStart(64, '0');

describe('the queue', () => {
  it('gives the lowest rank first, and of equal ranks the oldest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (ranks) => {
        const queue = new JobQueue<{ rank: number; at: number }>();
        for (const [at, rank] of ranks.entries()) queue.add({ rank, at });
        const taken = [];
        for (let job = queue.take((j) => j.rank); job; job = queue.take((j) => j.rank)) taken.push(job);
        const sorted = ranks.map((rank, at) => ({ rank, at })).sort((a, b) => a.rank - b.rank || a.at - b.at);
        expect(taken).toEqual(sorted);
      }),
    );
  });

  it('gives back what is removed', () => {
    const queue = new JobQueue<number>();
    for (const n of [1, 2, 3, 4]) queue.add(n);
    expect(queue.remove((n) => n % 2 === 0)).toEqual([2, 4]);
    expect(queue.all).toEqual([1, 3]);
  });
});

describe('the cache', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steplens-cache-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was put in, in another window too', async () => {
    const trace = await traceOf({ id: 'x', question: 'secret?', steps: ['private a', 'private b'] });
    const scored = scoredWith(trace, [0.5, -0.25], { warnings: ['w'] });
    await new RewardCache(folder, () => 1e6).set(keyOf(1), scored);
    const again = new RewardCache(folder, () => 1e6);
    expect(await again.get(keyOf(1), trace.trajectory)).toEqual(scored);
    expect(await again.get(keyOf(2), trace.trajectory)).toBeUndefined();
  });

  it('keeps no text of the trace on disk', async () => {
    const trace = await traceOf({ question: 'secret?', steps: ['private a'] });
    const cache = new RewardCache(folder, () => 1e6);
    await cache.set(keyOf(1), scoredWith(trace, [0.5]));
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(join(folder, keyOf(1).slice(0, 2), `${keyOf(1)}.json`), 'utf8');
    expect(text).not.toMatch(/secret|private/);
  });

  it('stays within its bound and deletes what was used longest ago', async () => {
    const trace = await traceOf({ steps: ['a'] });
    let now = 1_000_000;
    const one = new RewardCache(
      folder,
      () => 1e9,
      () => now,
    );
    await one.set(keyOf(0), scoredWith(trace, [0]));
    const size = await one.size();
    const cache = new RewardCache(
      folder,
      () => size * 10,
      () => ++now,
    );
    for (let n = 1; n < 40; n++) {
      await cache.set(keyOf(n), scoredWith(trace, [0]));
      await cache.get(keyOf(1), trace.trajectory); // in use all the time
      expect(await cache.size()).toBeLessThanOrEqual(size * 10);
    }
    expect(await cache.get(keyOf(1), trace.trajectory)).toBeDefined();
    expect(await cache.get(keyOf(39), trace.trajectory)).toBeDefined();
    expect(await cache.get(keyOf(2), trace.trajectory)).toBeUndefined();
    const onDisk = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.json'));
    expect(onDisk.length).toBeLessThanOrEqual(10);
  });

  it('takes a damaged file, or one of another trace, for nothing and removes it', async () => {
    const trace = await traceOf({ steps: ['a'] });
    const cache = new RewardCache(folder, () => 1e6);
    const file = join(folder, keyOf(1).slice(0, 2), `${keyOf(1)}.json`);
    for (const broken of ['{"steps": [', '{}', '[]', 'null', '{"steps":[{"reward":"x"}]}']) {
      await cache.set(keyOf(1), scoredWith(trace, [0.5]));
      await writeFile(file, broken);
      expect(await cache.get(keyOf(1), trace.trajectory)).toBeUndefined();
      await expect(stat(file)).rejects.toThrow();
    }
    await cache.set(keyOf(1), scoredWith(trace, [0.5]));
    const longer = await traceOf({ steps: ['a', 'b'] });
    expect(await cache.get(keyOf(1), longer.trajectory)).toBeUndefined();
  });

  it('keeps nothing where nothing may be kept, and lives with a folder that cannot be written', async () => {
    const trace = await traceOf({ steps: ['a'] });
    const none = new RewardCache(folder, () => 0);
    await none.set(keyOf(1), scoredWith(trace, [0.5]));
    expect(await none.size()).toBe(0);
    await writeFile(join(folder, 'file'), '');
    const blocked = new RewardCache(join(folder, 'file', 'below'), () => 1e6);
    await blocked.set(keyOf(1), scoredWith(trace, [0.5]));
    expect(await blocked.get(keyOf(1), trace.trajectory)).toBeUndefined();
  });
});

describe('the key of rewards', () => {
  it('changes with everything that changes a reward, and with nothing else', async () => {
    const trace = await traceOf({ id: 'a', steps: ['a'], answer: '3' });
    const moved = await traceOf({ id: 'other', steps: ['a'], answer: '3' });
    const key = cacheKey(trace, MODEL, DEFAULT_SETTINGS, 'error');
    expect(cacheKey(moved, MODEL, DEFAULT_SETTINGS, 'error')).toBe(key);
    const others = [
      cacheKey(trace, { ...MODEL, sha256: 'cd'.repeat(32) }, DEFAULT_SETTINGS, 'error'),
      cacheKey(trace, { ...MODEL, runtime: 'wasm' }, DEFAULT_SETTINGS, 'error'),
      cacheKey(trace, MODEL, DEFAULT_SETTINGS, 'cut-left'),
      ...[
        { templates: 2 },
        { templatePosition: 'after' as const },
        { negatives: 1 },
        { negativeWeight: 0 },
        { seed: 1 },
        { chat: true as const },
        { estimator: 'incremental' as const },
      ].map((change) => cacheKey(trace, MODEL, { ...DEFAULT_SETTINGS, ...change }, 'error')),
      cacheKey(await traceOf({ steps: ['b'], answer: '3' }), MODEL, DEFAULT_SETTINGS, 'error'),
      cacheKey(await traceOf({ steps: ['a'], answer: '4' }), MODEL, DEFAULT_SETTINGS, 'error'),
    ];
    trace.setGivenGold('5');
    others.push(cacheKey(trace, MODEL, DEFAULT_SETTINGS, 'error'));
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
});

describe('what is scored', () => {
  it("is the person's gold answer before the file's", async () => {
    const trace = await traceOf({ steps: ['a'], answer: '3' });
    expect([goldOf(trace), hasGold(trace)]).toEqual(['3', true]);
    trace.setGivenGold('5');
    const { trajectory, surroundings } = scorable(trace);
    expect(prepare(trajectory, DEFAULT_SETTINGS, surroundings).gold).toEqual({ text: '5', source: 'given' });
    expect(goldOf(trace)).toBe('5');
  });

  it('costs more the longer it is and the more is asked', async () => {
    const short = (await traceOf({ steps: ['a'] })).trajectory;
    const long = (await traceOf({ steps: ['a'.repeat(1000), 'b'] })).trajectory;
    const cost = estimateCost(short, DEFAULT_SETTINGS);
    expect(estimateCost(long, DEFAULT_SETTINGS)).toBeGreaterThan(cost);
    expect(estimateCost(short, { ...DEFAULT_SETTINGS, templates: 2 })).toBeGreaterThan(cost);
    const four = { ...DEFAULT_SETTINGS, templates: 4 };
    expect(estimateCost(long, { ...four, templatePosition: 'after' })).toBeLessThan(estimateCost(long, four));
    expect(estimateCost(long, { ...DEFAULT_SETTINGS, estimator: 'leave-one-out' })).toBeGreaterThan(
      estimateCost(long, DEFAULT_SETTINGS),
    );
  });
});
