import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  labelFile,
  mergeShards,
  outputOfShard,
  parseShard,
  type Shard,
  shardPath,
} from '../../../src/labels';
import { setStepLabel } from '../../../src/labels/human/human-labels';
import { editHumanLabels } from '../../../src/labels/human/sidecar';
import { StubModel } from './stub-model';
import { Workplace } from './workplace';

let place: Workplace;
beforeEach(() => {
  place = new Workplace(23);
});
afterEach(() => place.remove());

/** Labels all shards, in any order; their paths. */
async function shards(count: number, over = {}): Promise<string[]> {
  const paths: string[] = [];
  for (let index = count; index >= 1; index--) {
    const shard: Shard = { index, count };
    const out = shardPath(place.out, shard);
    await labelFile(place.task({ shard, out, ...over }));
    paths.push(out);
  }
  return paths;
}

/** The metadata file without what the clock put there. */
function meta(): unknown {
  const {
    finished: _,
    seconds: __,
    ...rest
  } = JSON.parse(readFileSync(place.out.replace('.jsonl', '.meta.json'), 'utf8')) as Record<string, unknown>;
  return rest;
}

describe('shards', () => {
  it.each([1, 2, 3, 8, 40])('of %i parts merge into the bytes of one run', async (count) => {
    await labelFile(place.task({ threshold: -0.1 }));
    const [bytes, made] = [place.bytes(), meta()];
    const parts = await shards(count, { threshold: -0.1 });
    await mergeShards({ shards: parts, out: place.out, force: true });
    expect(place.bytes()).toBe(bytes);
    expect(meta()).toEqual(made);
  });

  it('carry what people have set', async () => {
    await labelFile(place.task());
    const [record] = place.records();
    const { traceKey } = await import('../../../src/labels');
    const key = traceKey({
      question: { text: record?.question ?? '' },
      steps: (record?.steps ?? []).map(({ text }) => ({ text })),
    } as never);
    const label = { label: 'incorrect', who: 'ada', when: '2026-01-01T00:00:00Z', reward: null } as const;
    await editHumanLabels(place.source.replace('.jsonl', '.steplens.json'), (all) =>
      setStepLabel(all, key, 0, label),
    );
    await labelFile(place.task({ force: true }));
    const bytes = place.bytes();
    expect(place.records()[0]?.labelledBy[0]).toBe('human');
    await mergeShards({ shards: await shards(3), out: place.out, force: true });
    expect(place.bytes()).toBe(bytes);
  });

  it('go on where they were stopped', async () => {
    await labelFile(place.task());
    const bytes = place.bytes();
    const controller = new AbortController();
    const model = new StubModel((n) => (n === 4 ? controller.abort() : undefined));
    const shard = { index: 2, count: 2 };
    const out = shardPath(place.out, shard);
    const stopped = labelFile(place.task({ model, shard, out }), { signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect((await labelFile(place.task({ shard, out }))).made.counts.resumed).toBeGreaterThan(0);
    await labelFile(
      place.task({ shard: { index: 1, count: 2 }, out: shardPath(place.out, { index: 1, count: 2 }) }),
    );
    const parts = [1, 2].map((index) => shardPath(place.out, { index, count: 2 }));
    await mergeShards({ shards: parts, out: place.out, force: true });
    expect(place.bytes()).toBe(bytes);
  });

  it('are refused where they are missing, doubled, damaged, cut off, of another run or no shards', async () => {
    const parts = await shards(3);
    const [last = '', middle = '', first = ''] = parts;
    const merge = (list: readonly string[]) => mergeShards({ shards: list, out: place.out });
    await expect(merge([first, last])).rejects.toThrow(/of 3 shards 1 are missing: 2/);
    await expect(merge([first, first, last])).rejects.toThrow(/are both shard 1 of 3/);
    await expect(merge([place.source])).rejects.toThrow(/it is no shard/);
    await expect(merge([`${first}.none`])).rejects.toThrow(/there is no such file/);
    await expect(mergeShards({ shards: parts, out: first })).rejects.toThrow(/nothing may be written over/);
    const bytes = readFileSync(middle);
    writeFileSync(middle, bytes.subarray(0, bytes.length - 90));
    await expect(merge(parts)).rejects.toThrow(/damaged or not whole/);
    bytes[bytes.length - 300] = 55;
    writeFileSync(middle, bytes);
    await expect(merge(parts)).rejects.toThrow(/damaged or not whole/);
    unlinkSync(middle);
    await labelFile(place.task({ shard: { index: 2, count: 3 }, out: middle, threshold: 1 }));
    await expect(merge(parts)).rejects.toThrow(
      /are not of one run \(threshold: 1, but null\)|threshold: null, but 1/,
    );
    expect(place.files().filter((name) => name.startsWith('.'))).toEqual([]);
    expect(place.files()).not.toContain('traces.cpmi.jsonl');
  });

  it('are named k/n, and their files say of what they are part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 10_000 }), (a, b) => {
        const shard = { index: Math.min(a, b), count: Math.max(a, b) };
        expect(parseShard(`${shard.index}/${shard.count}`)).toEqual(shard);
        expect(outputOfShard(shardPath('data/x.cpmi.jsonl', shard))).toBe('data/x.cpmi.jsonl');
      }),
    );
    for (const wrong of ['', '1', '0/2', '3/2', '1/0', 'a/b', '1/2/3', '-1/2', '1.5/2', '1/99999']) {
      expect(parseShard(wrong)).toBeUndefined();
    }
    expect(outputOfShard('traces.cpmi.jsonl')).toBeUndefined();
  });
});
