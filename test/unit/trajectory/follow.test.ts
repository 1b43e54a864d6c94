import { appendFile, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTrajectories } from '../../../src/trajectory';
import { withEarlierSiblings } from '../../../src/trajectory/siblings';

let folder = '';
let path = '';
let abort = new AbortController();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steplens-follow-'));
  path = join(folder, 'run.jsonl');
  abort = new AbortController();
});
afterEach(async () => {
  abort.abort();
  await rm(folder, { recursive: true, force: true });
});

const record = (n: number) => `${JSON.stringify({ question: `q${n}`, steps: ['s é', 't'] })}\n`;

/** What is read, one item a call: the question, or the reason of a problem. */
function reading(options: { limit?: number } = {}) {
  const items = readTrajectories({ path }, { follow: true, signal: abort.signal, ...options });
  return async () => {
    const next = await items.next();
    if (next.done) return 'the end';
    const { value } = next;
    return 'trajectory' in value
      ? `${value.trajectory.question.text} line ${value.trajectory.line}`
      : value.problem.reason;
  };
}

/** True where nothing comes within some looks at the file. */
async function waits(next: Promise<string>): Promise<boolean> {
  const nothing = new Promise<boolean>((done) => setTimeout(() => done(true), 700));
  return Promise.race([next.then(() => false), nothing]);
}

describe('a file that grows', () => {
  it('is read to its end and on, each record as soon as its line is complete', async () => {
    await writeFile(path, record(1) + record(2));
    const next = reading();
    expect(await next()).toBe('q1 line 1');
    expect(await next()).toBe('q2 line 2');
    const third = next();
    const bytes = Buffer.from(record(3));
    const cut = bytes.indexOf(Buffer.from('é')) + 1; // inside a character
    await appendFile(path, bytes.subarray(0, cut));
    expect(await waits(third)).toBe(true);
    await appendFile(path, bytes.subarray(cut));
    expect(await third).toBe('q3 line 3');
    await appendFile(path, `broken\n${record(5)}`);
    expect(await next()).toMatch(/no JSON/);
    expect(await next()).toBe('q5 line 5');
  });

  it('may begin empty or in the middle of its first record', async () => {
    await writeFile(path, '');
    const first = reading()();
    expect(await waits(first)).toBe(true);
    await appendFile(path, record(1).slice(0, 20));
    expect(await waits(first)).toBe(true);
    await appendFile(path, record(1).slice(20));
    expect(await first).toBe('q1 line 1');
  });

  it('is read from its start again when it is cut short or rewritten, be it to a greater size', async () => {
    await writeFile(path, record(1) + record(2));
    const next = reading();
    await next();
    await next();
    const told = next();
    await truncate(path, 0);
    expect(await told).toMatch(/cut short or rewritten/);
    await appendFile(path, record(3));
    expect(await next()).toBe('q3 line 1');
    const again = next();
    await writeFile(path, [4, 5, 6].map(record).join(''));
    expect(await again).toMatch(/cut short or rewritten/);
    expect(await next()).toBe('q4 line 1');
    expect(await next()).toBe('q5 line 2');
  });

  it('is read to its end when its name is given to another one, which is read then', async () => {
    await writeFile(path, record(1));
    const next = reading();
    await next();
    const second = next();
    await appendFile(path, record(2));
    await rename(path, `${path}.1`);
    expect(await second).toBe('q2 line 2');
    const told = next();
    expect(await waits(told)).toBe(true); // no file has the name now
    await writeFile(path, record(3));
    expect(await told).toMatch(/another file/);
    expect(await next()).toBe('q3 line 1');
    const fourth = next();
    await unlink(path);
    expect(await waits(fourth)).toBe(true);
  });

  it('gives the elements of an array that is still open', async () => {
    path = join(folder, 'run.json');
    await writeFile(path, `[${record(1)},`);
    const next = reading();
    expect(await next()).toBe('q1 line 1');
    const second = next();
    await appendFile(path, `${record(2)},`);
    expect(await second).toBe('q2 line 2');
  });

  it('ends with the signal, at the limit, and where there is nothing to follow', async () => {
    await writeFile(path, record(1));
    const limited = reading({ limit: 1 });
    await limited();
    expect(await limited()).toBe('the end');
    const next = reading();
    await next();
    const second = next();
    abort.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    abort = new AbortController();
    await writeFile(path, 'Question: How many?\n\nTwo.\n');
    path = join(folder, 'a.txt');
    await writeFile(path, 'Question: How many?\n\nTwo.\n');
    expect(await reading()()).toMatch(/only JSON lines/);
    path = join(folder, 'missing.jsonl');
    await expect(reading()()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives each trace the answers of those before it', async () => {
    const text = ['1', '2', '3'].map((a) => `{"question": "q", "steps": ["s"], "final_answer": "${a}"}`);
    const siblings: (readonly string[])[] = [];
    const items = readTrajectories({ text: text.join('\n'), name: 'a.jsonl' });
    for await (const item of withEarlierSiblings(items)) if ('siblings' in item) siblings.push(item.siblings);
    expect(siblings).toEqual([[], ['1'], ['1', '2']]);
  });
});
