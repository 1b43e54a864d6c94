import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/cpmi/negatives/random';
import { LabelError, labelFile } from '../../../src/labels';
import { Journal } from '../../../src/labels/run/journal';
import { canMount, SmallDisk } from './mounts';
import { buildLabelProgram, startLabelling } from './run-child';
import { StubModel } from './stub-model';
import { traceLines, Workplace } from './workplace';

const TRACES = 12;
const DONE_FILES = ['traces.cpmi.jsonl', 'traces.cpmi.meta.json', 'traces.jsonl'];

/** What an uninterrupted run writes. */
let whole: string;
beforeAll(async () => {
  const place = new Workplace(TRACES);
  await labelFile(place.task());
  whole = place.bytes();
  place.remove();
});

let place: Workplace;
let journal: string;
beforeEach(() => {
  place = new Workplace(TRACES);
  journal = join(place.folder, '.traces.cpmi.jsonl.journal');
});
afterEach(() => place.remove());

class Killed extends Error {}

/** How a run ends before its time, and what becomes of its journal. */
const interruption = fc.record({
  /** One of the ten traces that are scored, so that a first run never comes to its end. */
  at: fc.nat(9),
  how: fc.constantFrom('abort', 'throw in the model', 'throw in a callback'),
  after: fc.constantFrom('nothing', 'truncate', 'damage', 'append'),
  where: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Interruption = typeof interruption extends fc.Arbitrary<infer T> ? T : never;

/** Runs and is interrupted; true where it came to its end before. */
async function interrupted({ at, how }: Interruption): Promise<boolean> {
  const controller = new AbortController();
  const model = new StubModel((call) => {
    if (call !== at) return;
    if (how === 'abort') controller.abort();
    if (how === 'throw in the model') throw new Killed();
  });
  const onProgress = ({ done }: { done: number }) => {
    if (done === at && how === 'throw in a callback') throw new Killed();
  };
  try {
    await labelFile(place.task({ model }), { signal: controller.signal, onProgress });
    return true;
  } catch (error) {
    if (error instanceof Killed || controller.signal.aborted) return false;
    throw error;
  }
}

/** What a kill or a bad disk does to the journal. */
function spoil({ after, where }: Interruption): void {
  if (!existsSync(journal)) return;
  const size = statSync(journal).size;
  const at = Math.min(size - 1, Math.floor(where * size));
  if (after === 'truncate') truncateSync(journal, at);
  if (after === 'append') writeFileSync(journal, 'f00 12 {"torn', { flag: 'a' });
  if (after === 'damage') {
    const bytes = readFileSync(journal);
    bytes[at] = (bytes[at] ?? 0) ^ 0x15;
    writeFileSync(journal, bytes);
  }
}

describe('a run that is interrupted', () => {
  it('ends with the same bytes, whenever it was stopped and whatever became of its journal', async () => {
    let stops = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(interruption, { minLength: 1, maxLength: 3 }), async (interruptions) => {
        for (const file of place.files()) if (file !== 'traces.jsonl') rmSync(join(place.folder, file));
        for (const each of interruptions) {
          if (await interrupted(each).catch(refuseDamagedHeader)) break;
          stops++;
          spoil(each);
        }
        if (!existsSync(place.out)) {
          await labelFile(place.task()).catch(async (error: unknown) => {
            refuseDamagedHeader(error);
            await labelFile(place.task({ restart: true }));
          });
        }
        expect(place.bytes()).toBe(whole);
        expect(place.files()).toEqual(DONE_FILES);
      }),
      { numRuns: 100 },
    );
    expect(stops).toBeGreaterThanOrEqual(100);
  }, 120_000);

  /** A journal whose first line is damaged is not trusted; the run says so and names the way on. */
  function refuseDamagedHeader(error: unknown): boolean {
    if (error instanceof LabelError && error.kind === 'changed' && /damaged/.test(error.message))
      return false;
    throw error;
  }

  it('is ended by the next one at every stage of its last moments', async () => {
    const stage = async (
      prepare: (moment: { folder: string; out: string; journal: string }) => Promise<void>,
    ) => {
      const own = new Workplace(TRACES);
      const copy = new Workplace(TRACES);
      // The moment when all is scored and nothing is written yet, lock and all.
      const onProgress = ({ done, total }: { done: number; total: number }) => {
        if (done === total) cpSync(own.folder, copy.folder, { recursive: true });
      };
      await labelFile(own.task(), { onProgress });
      const made = {
        folder: copy.folder,
        out: copy.out,
        journal: join(copy.folder, '.traces.cpmi.jsonl.journal'),
      };
      expect(copy.files()).toEqual(['.traces.cpmi.jsonl.journal', '.traces.cpmi.jsonl.lock', 'traces.jsonl']);
      await prepare(made);
      const model = new StubModel();
      await labelFile(copy.task({ model }));
      expect(model.calls).toBe(0);
      expect(copy.bytes()).toBe(whole);
      expect(copy.files()).toEqual(DONE_FILES);
      own.remove();
      copy.remove();
    };
    await stage(async () => undefined);
    await stage(async ({ folder }) =>
      writeFileSync(join(folder, '.traces.cpmi.jsonl.partial'), whole.slice(0, 999)),
    );
    await stage(async ({ folder }) =>
      writeFileSync(join(folder, 'traces.cpmi.meta.json'), '{\n  "steplens": "0.1.0"}'),
    );
    await stage(async ({ folder, journal, out }) => {
      // The output has its name, the journal is still there.
      await markDone(journal, whole);
      writeFileSync(out, whole, 'latin1');
      copyFileSync(out, join(folder, '.traces.cpmi.jsonl.partial'));
    });
  });

  it('does not take another file for its own output', async () => {
    await interrupted({ at: 4, how: 'abort', after: 'nothing', where: 0 });
    writeFileSync(place.out, 'mine');
    const before = readFileSync(journal);
    await expect(labelFile(place.task())).rejects.toMatchObject({ kind: 'exists' });
    expect(place.bytes()).toBe('mine');
    expect(readFileSync(journal)).toEqual(before);
  });
});

async function markDone(path: string, content: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const first = readFileSync(path, 'utf8').split('\n')[0] ?? '';
  const header = JSON.parse(first.slice(first.indexOf('{')));
  const opened = await Journal.open(path, header, false);
  await opened.finish(createHash('sha256').update(Buffer.from(content, 'latin1')).digest('hex'));
  await opened.close();
}

describe('processes', () => {
  let program: string;
  beforeAll(async () => {
    program = await buildLabelProgram();
  });
  afterAll(() => rmSync(dirname(program), { recursive: true }));

  it('killed at random moments leave what the next one ends with the same bytes', async () => {
    const random = seededRandom(7, 'kills');
    let kills = 0;
    for (let round = 0; round < 4; round++) {
      for (const file of place.files()) if (file !== 'traces.jsonl') rmSync(join(place.folder, file));
      for (let attempt = 0; ; attempt++) {
        const { child, ended } = startLabelling(program, place.source, 12);
        const patience = attempt < 6 ? 60 + random.whole(400) : 60_000;
        const timer = setTimeout(() => child.kill('SIGKILL'), patience);
        const { code, signal, stderr } = await ended;
        clearTimeout(timer);
        if (signal === 'SIGKILL') kills++;
        // Killed after the output was complete, there is nothing left to do: the next run finds it and lets it stand.
        else if (attempt === 0 || code === 0) expect([code, stderr]).toEqual([0, '']);
        else expect(stderr).toContain('exists already');
        if (signal === null) break;
      }
      expect(place.bytes()).toBe(whole);
      expect(place.files()).toEqual(DONE_FILES);
    }
    expect(kills).toBeGreaterThan(0);
  }, 120_000);

  it('of two on the same output one writes, and the other says so', async () => {
    const runs = [0, 1].map(() => startLabelling(program, place.source, 30).ended);
    const ended = await Promise.all(runs);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ended.find(({ code }) => code === 1)?.stderr).toMatch(/is being written by process \d+/);
    expect(place.bytes()).toBe(whole);
    expect(place.files()).toEqual(DONE_FILES);
  });

  it('that may not write enough say so, and what they have scored is kept', async () => {
    // Blocks of 1,024 bytes: the journal does not get further than four traces.
    const { code, stderr } = await startLabelling(program, place.source, 0, 'ulimit -f 4').ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/LabelError: .*journal: the file would be larger than is allowed/);
    expect(existsSync(place.out)).toBe(false);
    const model = new StubModel();
    await labelFile(place.task({ model }));
    expect(model.calls).toBeLessThan(10);
    expect(place.bytes()).toBe(whole);
  });
});

describe('two runs in one process', () => {
  it('do not write the same output at once', async () => {
    const [first, second] = await Promise.allSettled([labelFile(place.task()), labelFile(place.task())]);
    const [lost] = [first, second].filter((run) => run.status === 'rejected');
    expect([first, second].filter((run) => run.status === 'fulfilled').length).toBe(1);
    expect(lost?.reason).toMatchObject({ kind: 'locked' });
    expect(place.bytes()).toBe(whole);
  });
});

describe.skipIf(!canMount())('disks', () => {
  let disk: SmallDisk | undefined;
  afterEach(() => disk?.remove());

  function put(kilobytes: number, traces: number): { source: string; out: string } {
    disk = new SmallDisk(kilobytes);
    const source = join(disk.folder, 'traces.jsonl');
    writeFileSync(source, traceLines(traces));
    return { source, out: join(disk.folder, 'traces.cpmi.jsonl') };
  }

  it.each([
    ['while it scores', 28],
    ['while it writes the output', 72],
  ])('full %s: a clear error, no output, and it goes on once there is space', async (_, kilobytes) => {
    const { source, out } = put(kilobytes, 40);
    const larger = new Workplace(40);
    await labelFile(larger.task());
    await expect(labelFile(place.task({ source }))).rejects.toMatchObject({
      kind: 'write',
      message: expect.stringMatching(/: no space is left on the device$/),
    });
    expect(existsSync(out)).toBe(false);
    disk?.remount('size=1m');
    const model = new StubModel();
    await labelFile(place.task({ source, model }));
    expect(model.calls).toBeLessThan(38);
    expect(readFileSync(out, 'latin1')).toBe(larger.bytes());
    larger.remove();
  });

  it('read-only: a clear error', async () => {
    const { source, out } = put(256, TRACES);
    disk?.remount('ro');
    await expect(labelFile(place.task({ source }))).rejects.toMatchObject({
      kind: 'write',
      message: `${out}: the file system is read-only`,
    });
    await labelFile(place.task({ source, out: place.out }));
    expect(place.bytes()).toBe(whole);
  });
});
