import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../../src/trajectory';
import { readAll, streamOf, textsOf } from './support';

const sample = (id: string, answer = 'It is 4.') =>
  JSON.stringify(
    {
      id,
      epoch: 1,
      input: '2 + 2?',
      target: '4',
      messages: [
        { role: 'user', content: '2 + 2?' },
        { role: 'assistant', content: answer },
      ],
    },
    null,
    2,
  );
const start = JSON.stringify({ version: 2, eval: { task: 'sums' }, plan: {} });

function archive(members: Record<string, string>, level: 0 | 9 = 9): Uint8Array {
  const files: Zippable = {};
  for (const [name, text] of Object.entries(members)) files[name] = strToU8(text);
  return zipSync(files, { level });
}

const read = (bytes: Uint8Array, cuts: readonly number[] = []) => readAll(streamOf(bytes, cuts));

describe('Inspect archives', () => {
  it('gives spans that slice back in the text of their member', async () => {
    const path = join(__dirname, '../../fixtures/formats/inspect.eval');
    const members = unzipSync(readFileSync(path));
    const { trajectories } = await readAll({ path });
    expect(trajectories.length).toBeGreaterThan(0);
    for (const trajectory of trajectories) {
      const text = new TextDecoder().decode(members[trajectory.member ?? '']);
      for (const source of textsOf(trajectory)) expect(readSource(text, source)).toBe(source.text);
    }
  });

  it('reads the same however the stream is cut, stored or deflated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { maxLength: 20 }),
        fc.constantFrom(0 as const, 9 as const),
        async (cuts, level) => {
          const bytes = archive(
            {
              '_journal/start.json': start,
              'samples/a_epoch_1.json': sample('a'),
              'header.json': '{}',
              'samples/b_epoch_1.json': sample('b'),
            },
            level,
          );
          const { trajectories, problems } = await read(bytes, cuts);
          expect(problems).toEqual([]);
          expect(trajectories.map(({ id, member, task }) => [id, member, task])).toEqual([
            ['a/1', 'samples/a_epoch_1.json', 'sums'],
            ['b/1', 'samples/b_epoch_1.json', 'sums'],
          ]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes on behind a broken member', async () => {
    const { trajectories, problems } = await read(
      archive({
        'samples/a.json': sample('a'),
        'samples/b.json': '{"id": 1, "epoch',
        'samples/c.json': sample('c'),
      }),
    );
    expect(trajectories.map(({ id }) => id)).toEqual(['a/1', 'c/1']);
    expect(problems).toEqual([
      { line: 1, reason: expect.stringMatching(/^samples\/b\.json: the record is no JSON/) },
    ]);
  });

  it('reads no member whose name leads elsewhere', async () => {
    const names = [
      '../samples/a.json',
      'samples/../../a.json',
      '/samples/a.json',
      'samples\\..\\a.json',
      'samples/x/a.json',
      'C:samples/a.json',
    ];
    const { trajectories, problems } = await read(
      archive(Object.fromEntries(names.map((name) => [name, sample(name)]))),
    );
    expect(trajectories).toEqual([]);
    expect(problems).toEqual([{ line: 1, reason: expect.stringContaining('no samples/*.json') }]);
  });

  it('refuses a member over 16 MB and reads the ones around it', async () => {
    const large = sample('large', 'x y '.repeat(5e6));
    const { trajectories, problems } = await read(
      archive(
        { 'samples/a.json': sample('a'), 'samples/large.json': large, 'samples/z.json': sample('z') },
        0,
      ),
    );
    expect(trajectories.map(({ id }) => id)).toEqual(['a/1', 'z/1']);
    expect(problems).toEqual([
      { line: 1, reason: 'samples/large.json: the record is larger than 16 MB; it was skipped' },
    ]);
  });

  it('gives up a zip bomb soon', async () => {
    const bomb = archive({
      'samples/a.json': sample('a'),
      ...Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`samples/bomb${i}.json`, ' '.repeat(6e6)])),
    });
    expect(bomb.length).toBeLessThan(1e6);
    const started = performance.now();
    const { trajectories, problems } = await read(
      bomb,
      Array.from({ length: 60 }, (_, i) => i * 10_000),
    );
    expect(trajectories).toHaveLength(1);
    expect(problems.at(-1)).toEqual({
      line: 1,
      reason: 'the archive inflates to over 100 times its size; it is not read',
    });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it('says what is wrong with a damaged or cut archive, and keeps what came before', async () => {
    const bytes = archive({
      'samples/a.json': sample('a'),
      'samples/b.json': sample('b', 'x'.repeat(5000) + Math.PI),
    });
    for (let end = 30; end < bytes.length; end += 7) {
      const { trajectories, problems } = await read(bytes.slice(0, end));
      expect(trajectories.length + problems.length).toBeGreaterThan(0);
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
        const mutated = bytes.slice();
        mutated[at] = value;
        const { trajectories, problems } = await read(mutated);
        expect(trajectories.length + problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('says of another archive that it is no log', async () => {
    const { trajectories, problems } = await read(archive({ 'word/document.xml': '<x/>' }));
    expect(trajectories).toEqual([]);
    expect(problems).toEqual([{ line: 1, reason: expect.stringContaining('no samples/*.json') }]);
  });
});
