import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFields, FORMATS, MAX_RECORD } from '../../../src/trajectory';
import { heapInUse, readAll, readText, streamOf } from './support';

const sample = strToU8(
  JSON.stringify({
    ...{ id: 1, epoch: 1, input: 'q', target: 'a' },
    messages: [
      { role: 'user', content: 'q' },
      { role: 'assistant', content: 'So a.' },
    ],
  }),
);

describe('an archive that means harm', () => {
  let folder = '';
  const before = process.cwd();
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steplens-zip-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    '../evil.json',
    'samples/../../evil.json',
    '/tmp/steplens-evil.json',
    'samples/\\..\\evil.json',
    'samples/a/b.json',
    'C:\\evil.json',
    'samples/evil.json\0.txt',
  ])('writes nothing and reads nothing under the name %j', async (name) => {
    const archive = zipSync({ [name]: sample, 'samples/1_epoch_1.json': sample });
    const { trajectories } = await readAll(streamOf(archive));
    expect(trajectories.map(({ member }) => member)).toEqual(['samples/1_epoch_1.json']);
    expect(await readdir(folder)).toEqual([]);
    expect(existsSync('/tmp/steplens-evil.json')).toBe(false);
  });

  it('is given up where it inflates without end, before it fills the memory', async () => {
    const zeros = new Uint8Array(MAX_RECORD - 1);
    const members = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`samples/${i}_epoch_1.json`, [zeros, { level: 9 }] as const]),
    );
    const bomb = zipSync(members as Parameters<typeof zipSync>[0]);
    expect(bomb.length).toBeLessThan(1e6);
    const heap = heapInUse();
    const started = process.cpuUsage();
    const { trajectories, problems } = await readAll(streamOf(bomb));
    expect(trajectories).toEqual([]);
    expect(problems.map(({ reason }) => reason).join()).toMatch(/over 100 times its size/);
    const { user } = process.cpuUsage(started);
    expect(user / 1e6).toBeLessThan(10);
    expect(heapInUse() - heap).toBeLessThan(50e6);
  });
});

describe('keys that mean harm', () => {
  const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];

  it('change no prototype and confuse no format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...keys),
        fc.constantFrom(...keys),
        fc.constantFrom(...FORMATS.map(({ id }) => id)),
        async (a, b, format) => {
          const record = `{"${a}": {"${b}": "polluted", "polluted": true}, "question": "q", "steps": ["s", {"${a}": 1}], "messages": [{"role": "${a}", "content": {"${b}": 1}}], "step_labels": {"${a}": 1}, "attachments": {"${a}": "x"}, "doc": {"${b}": 1}, "resps": [["x"]], "filter": "${a}"}`;
          await readText(`${record}\n${record}`, 'a.jsonl', { format });
          await readText(record, 'a.json', {
            fields: checkFields({ steps: `$['${a}']['${b}']`, question: `$['${b}']` }),
          });
          expect(Object.keys(Object.prototype)).toEqual([]);
          expect(Reflect.get({}, 'polluted')).toBeUndefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a pattern that runs away', () => {
  it.each([
    '(a+)+$',
    '(a|aa)+$',
    '(.*)*x',
    '(?=(a+)+b)',
    '([a-z]+)*\\d{9}',
  ])('%s costs its record half a second, not the run', async (pattern) => {
    const slow = JSON.stringify({ question: 'q', steps: [`${'a'.repeat(50)}!`] });
    const fine = JSON.stringify({ question: 'q', steps: ['one', 'two'] });
    const started = process.cpuUsage();
    const { trajectories, problems } = await readText(`${slow}\n${fine}`, 'a.jsonl', {
      splitting: { pattern },
    });
    expect(trajectories.length + problems.length).toBe(2);
    expect(trajectories.length).toBeGreaterThanOrEqual(1);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
  });
});
