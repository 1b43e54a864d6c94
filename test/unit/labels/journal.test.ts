import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../src/labels/run/journal';
import { formatLine, linesOf, parseLine } from '../../../src/labels/run/journal-lines';

const HEAD = { templates: 4, input: { sha256: 'ab', size: 1 } };
const values = fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 12 });

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steplens-journal-'));
  path = join(folder, '.x.journal');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function write(all: readonly unknown[]): Promise<void> {
  rmSync(path, { force: true });
  const journal = await Journal.open(path, HEAD, false);
  for (const [i, value] of all.entries()) await journal.add(i, i * 7, value);
  await journal.close();
}

/** What JSON makes of a value: it has no negative zero. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a journal', () => {
  it('gives back what was written, in another process too', async () => {
    await fc.assert(
      fc.asyncProperty(values, async (all) => {
        await write(all);
        const again = await Journal.open(path, HEAD, false);
        expect(again.taken).toBe(all.length);
        for (const [i, value] of all.entries()) {
          expect(again.has(i, i * 7)).toBe(true);
          expect(again.has(i, i * 7 + 1)).toBe(false);
          expect(await again.read(i)).toEqual(plain(value));
        }
        await again.close();
      }),
      { numRuns: 30 },
    );
  });

  it('keeps every whole line of a file that was cut anywhere, and goes on behind them', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.double({ min: 0, max: 1, noNaN: true }), async (all, share) => {
        await write(all);
        const whole = readFileSync(path);
        const size = Math.floor(share * whole.length);
        truncateSync(path, size);
        const kept = Math.max(0, whole.subarray(0, size).toString('latin1').split('\n').length - 2);
        const again = await Journal.open(path, HEAD, false);
        expect(again.taken).toBe(kept);
        for (const [i, value] of all.entries()) if (i >= kept) await again.add(i, i * 7, value);
        for (const [i, value] of all.entries()) expect(await again.read(i)).toEqual(plain(value));
        await again.close();
        expect(readFileSync(path)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('loses no more than the line that was damaged', async () => {
    await write(['a', 'b', 'c']);
    const text = readFileSync(path, 'utf8').replace('"b"', '"B"');
    writeFileSync(path, text);
    const again = await Journal.open(path, HEAD, false);
    expect([again.damaged, again.taken]).toEqual([1, 2]);
    expect([0, 1, 2].map((i) => again.has(i, i * 7))).toEqual([true, false, true]);
    await again.add(1, 7, 'b');
    expect(await again.read(1)).toBe('b');
    await again.close();
  });

  it('takes the last of several entries of a trace', async () => {
    await write(['a', 'b']);
    const again = await Journal.open(path, HEAD, false);
    await again.add(0, 99, 'new');
    await again.close();
    const third = await Journal.open(path, HEAD, false);
    expect([third.taken, third.has(0, 99), await third.read(0)]).toEqual([2, true, 'new']);
    await third.close();
  });

  it('knows the output that was made of it until something is added', async () => {
    await write(['a']);
    const journal = await Journal.open(path, HEAD, false);
    await journal.finish('f00');
    await journal.close();
    const again = await Journal.open(path, HEAD, false);
    expect(again.doneWith).toBe('f00');
    await again.add(1, 7, 'b');
    expect(again.doneWith).toBeUndefined();
    await again.close();
  });

  it('tells what it was begun with where that is something else, and touches nothing', async () => {
    await write(['a', 'b']);
    const before = readFileSync(path);
    const other = { templates: 1, input: HEAD.input, seed: 3 };
    await expect(Journal.open(path, other, false)).rejects.toMatchObject({
      kind: 'changed',
      message: expect.stringMatching(
        /scored 2 traces .*\(templates 4, now 1; seed unset, now 3\); --restart/,
      ),
    });
    expect(readFileSync(path)).toEqual(before);
    const fresh = await Journal.open(path, other, true);
    expect(fresh.count).toBe(0);
    await fresh.close();
  });

  it('does not trust a file that does not begin as one', async () => {
    writeFileSync(path, 'something else\n');
    await expect(Journal.open(path, HEAD, false)).rejects.toMatchObject({ kind: 'changed' });
    expect(statSync(path).size).toBe(15);
  });
});

describe('lines of a journal', () => {
  it('are read back whatever they say and however the stream is cut', async () => {
    const entries = fc.array(fc.tuple(fc.nat(), fc.maxSafeNat(), fc.string()), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 40 }), async (all, size) => {
        const bytes = Buffer.from(
          all
            .map(([ordinal, key, text]) => formatLine({ ordinal, key: key % 2 ** 52 }, JSON.stringify(text)))
            .join(''),
        );
        async function* chunks() {
          for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
        }
        const read: unknown[] = [];
        for await (const { bytes: line, offset, whole } of linesOf(chunks())) {
          const head = parseLine(line);
          expect(whole).toBe(true);
          expect(bytes.subarray(offset, offset + line.length)).toEqual(line);
          if (head) read.push([head.ordinal, head.key, JSON.parse(line.toString('utf8', head.json))]);
        }
        expect(read).toEqual(all.map(([ordinal, key, text]) => [ordinal, key % 2 ** 52, text]));
      }),
    );
  });
});
