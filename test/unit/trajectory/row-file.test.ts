import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectFormat, readTrajectories, type Trajectory } from '../../../src/trajectory';
import { RowFile } from '../../../src/trajectory/paging';
import { type WithSiblings, withSiblings } from '../../../src/trajectory/siblings';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steplens-rows-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const said = ({ trajectory, siblings }: WithSiblings) => ({
  question: trajectory.question.text,
  steps: trajectory.steps.map(({ text }) => text),
  line: trajectory.line,
  gold: trajectory.goldAnswer?.text,
  final: trajectory.finalAnswer,
  task: trajectory.task,
  negatives: trajectory.negatives,
  siblings,
});

/** What a reading of the whole file gives. */
async function whole(path: string, format: string): Promise<WithSiblings[]> {
  const all: WithSiblings[] = [];
  for await (const item of withSiblings(readTrajectories({ path }, { format }))) {
    if ('trajectory' in item) all.push(item);
  }
  return all;
}

async function scanned(path: string, format: string) {
  const file = await RowFile.open(path, { format }, new AbortController().signal);
  const rows: Trajectory[] = [];
  for await (const { row, trajectories } of file.scan()) {
    expect(row).toBe(rows.length);
    rows.push(...trajectories);
  }
  return { file, rows };
}

const FORMATS = resolve('../shared/data/formats');
const FIXTURES = resolve('test/fixtures/formats');

describe('a file in rows', () => {
  it.each([
    FIXTURES,
    FORMATS,
  ])('has in every row what a reading of the whole gives: files of %s', async (root) => {
    if (!existsSync(root)) {
      console.info(`${root} is not there: its files are skipped.`);
      return;
    }
    const names = await readdir(root, { recursive: true, withFileTypes: true });
    let compared = 0;
    for (const entry of names) {
      if (!entry.isFile() || /MANIFEST|\.json\.json$|\.jsonl\.json$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      const [best] = await detectFormat({ path });
      if (!best) continue;
      const expected = await whole(path, best.id);
      const { file, rows } = await scanned(path, best.id);
      expect(
        rows.map(({ id }) => id),
        path,
      ).toEqual(expected.map(({ trajectory }) => trajectory.id));
      for (const row of [...new Set([0, 1, rows.length >> 1, rows.length - 1])]) {
        const read = await file.read(row);
        expect(read && said(read), `${path} ${row}`).toEqual(expected[row] && said(expected[row]));
        compared++;
      }
      expect(await file.read(rows.length)).toBeUndefined();
    }
    expect(compared).toBeGreaterThan(20);
  }, 120_000);

  it('finds the siblings of a row in its own run, wherever that begins', async () => {
    const path = join(folder, 'many.jsonl');
    const lines = Array.from({ length: 4_500 }, (_, n) =>
      n === 77
        ? 'broken'
        : JSON.stringify({ question: `q${n % 1500}`, steps: ['s'], answer: '1', final_answer: `${n}` }),
    );
    await writeFile(path, lines.join('\n'));
    const expected = await whole(path, 'normalised');
    const { file } = await scanned(path, 'normalised');
    for (const row of [0, 76, 77, 499, 1998, 1999, 2000, 2001, 3999, 4000, 4498]) {
      const read = await file.read(row);
      expect(read && said(read)).toEqual(expected[row] && said(expected[row]));
    }
    expect((await file.read(2000))?.siblings.length).toBeGreaterThan(0);
  });

  it('can be read while it is scanned, once the siblings of a row are known', async () => {
    const path = join(folder, 'growing.jsonl');
    const text = 'x'.repeat(2000);
    await writeFile(
      path,
      Array.from({ length: 5000 }, (_, n) =>
        JSON.stringify({ question: `q${n}`, steps: [text], answer: '1' }),
      ).join('\n'),
    );
    const file = await RowFile.open(path, { format: 'normalised' }, new AbortController().signal);
    let first: Promise<WithSiblings | undefined> | undefined;
    let known = false;
    let passed = 0;
    for await (const { row } of file.scan()) {
      if (row === 0)
        first = file.read(0).finally(() => {
          known = true;
        });
      if (row % 100 === 0) await new Promise((done) => setImmediate(done));
      if (!known) passed = row;
    }
    expect((await first)?.trajectory.question.text).toBe('q0');
    expect(passed).toBeGreaterThanOrEqual(1999);
    expect(passed).toBeLessThan(4999);
  });

  it('stops with the signal', async () => {
    const path = join(folder, 'stopped.jsonl');
    await writeFile(path, '{"question": "q", "steps": ["s"]}\n'.repeat(10));
    const controller = new AbortController();
    const file = await RowFile.open(path, { format: 'normalised' }, controller.signal);
    controller.abort();
    await expect(file.scan().next()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
