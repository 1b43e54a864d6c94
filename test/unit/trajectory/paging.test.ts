import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotPagedError, RecordIndex, readPage } from '../../../src/trajectory/paging';
import { readAll } from './support';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steplens-paging-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const record = (n: number) => ({
  question: `Wie viele Äpfel 数 ${n}?`,
  steps: [`Schritt ${n} 😀`, 'b'],
  answer: `${n}`,
});
const sample = (n: number) => ({
  ...{ id: n, epoch: 1, input: 'q', target: 'a' },
  messages: [
    { role: 'user', content: `q${n}` },
    { role: 'assistant', content: 'Ä.\n\nB.' },
  ],
});

const LAYOUTS: Record<string, (count: number) => string> = {
  lines: (count) => Array.from({ length: count }, (_, n) => JSON.stringify(record(n))).join('\n'),
  'lines with a mark': (count) => `\uFEFF${LAYOUTS.lines?.(count)}`,
  array: (count) => JSON.stringify(Array.from({ length: count }, (_, n) => record(n))),
  'array on lines': (count) =>
    JSON.stringify(
      Array.from({ length: count }, (_, n) => record(n)),
      null,
      2,
    ),
  values: (count) => Array.from({ length: count }, (_, n) => JSON.stringify(record(n), null, 1)).join('\n'),
  log: (count) =>
    JSON.stringify(
      { eval: { task: 't' }, plan: {}, samples: Array.from({ length: count }, (_, n) => sample(n)) },
      null,
      1,
    ),
};

async function indexed(text: string): Promise<RecordIndex> {
  const path = join(folder, 'file.json');
  await writeFile(path, text);
  const index = await RecordIndex.open(path);
  await index.build();
  return index;
}

describe('a file read in pages', () => {
  it.each(Object.keys(LAYOUTS))('%s: any page holds what a reading from the start gives', async (layout) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 30 }),
        fc.nat(40),
        fc.integer({ min: 1, max: 9 }),
        async (count, from, size) => {
          const index = await indexed(LAYOUTS[layout]?.(count) ?? '');
          expect(index.records).toBe(count);
          const { trajectories } = await readAll({ path: index.path });
          const page = await readPage(index, from, size);
          const expected = trajectories.slice(from, from + size);
          expect(page.map(({ ordinal }) => ordinal)).toEqual(expected.map((_, i) => from + i));
          const found = page.flatMap(({ items }) =>
            items.flatMap((item) => ('trajectory' in item ? [item.trajectory] : [])),
          );
          const said = ({ id, line, question, steps }: (typeof found)[number]) => [
            ...[id, line, question.text],
            ...steps.map(({ text }) => text),
          ];
          expect(found.map(said)).toEqual(expected.map(said));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('keeps few places of many records, and tells broken ones in their place', async () => {
    const lines = Array.from({ length: 100_000 }, (_, n) =>
      n % 1000 === 7 ? 'broken' : `{"question": "q${n}", "steps": ["s"]}`,
    );
    const index = await indexed(lines.join('\n'));
    expect(index.records).toBe(100_000);
    expect(index.before(99_999)?.ordinal).toBeGreaterThan(99_990);
    const page = await readPage(index, 77_005, 4);
    expect(
      page.map(({ items }) =>
        items.map((item) => ('problem' in item ? item.problem.line : item.trajectory.question.text)),
      ),
    ).toEqual([['q77005'], ['q77006'], [77_008], ['q77008']]);
    expect(await readPage(index, 100_000, 4)).toEqual([]);
  });

  it('says what cannot be paged, and stops with the signal', async () => {
    const path = join(folder, 'a.txt');
    await writeFile(path, 'Question: How many?\n\nTwo.\n');
    await expect(RecordIndex.open(path)).rejects.toThrow(NotPagedError);
    await writeFile(path, Buffer.from(`\uFEFF${LAYOUTS.lines?.(3)}`, 'utf16le'));
    await expect((await RecordIndex.open(path)).build()).rejects.toThrow(/UTF-16/);
    const index = await indexed(LAYOUTS.lines?.(3) ?? '');
    await expect(index.build(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await expect(RecordIndex.open(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
