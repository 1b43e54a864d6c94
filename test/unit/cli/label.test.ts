import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Workplace } from '../labels/workplace';
import { Program } from './program';

let steplens: Program;
beforeAll(async () => {
  steplens = await Program.build();
}, 60_000);
afterAll(() => steplens.remove());

let place: Workplace;
beforeEach(() => {
  place = new Workplace(8);
  // The tiny model knows ASCII only.
  writeFileSync(place.source, readFileSync(place.source, 'utf8').replaceAll('✓', ''));
});
afterEach(() => place.remove());

describe('steplens label', () => {
  it('labels a file, tells what it left out, and leaves labels alone that are there', async () => {
    const first = await steplens.score('label', place.source);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(
      /traces\.cpmi\.jsonl: 6 traces, 16 steps: .*1 traces could not be scored; 1 records/,
    );
    expect(first.stderr).toMatch(/traces\.jsonl:6: .*\n.*traces\.jsonl:8: t7 is not scored: /);
    expect(place.records().map(({ id }) => id)).toEqual(['t0', 't1', 't2', 't3', 't4', 't6']);
    const before = place.bytes();

    const second = await steplens.score('label', place.source);
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toMatch(/traces\.cpmi\.jsonl exists already; --force overwrites it\n/);
    expect((await steplens.score('label', place.source, '--force')).code).toBe(0);
    expect(place.bytes()).toBe(before);
  }, 60_000);

  it('stops within two seconds at Ctrl-C without an output, and goes on afterwards', async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      JSON.stringify({
        id: `n${i}`,
        question: 'q '.repeat(60),
        steps: [`a ${i}`, 'b', 'c', 'd'],
        answer: `${i}`,
      }),
    );
    writeFileSync(place.source, lines.join('\n'));
    const journal = join(place.folder, '.traces.cpmi.jsonl.journal');
    const { child, ended } = steplens.start(['label', place.source, ...steplens.scoring]);
    while (!existsSync(journal) || readFileSync(journal).length < 5_000) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const asked = performance.now();
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /what was scored is kept; the same command goes on with it\nsteplens: interrupted\n$/,
    );
    expect(place.files()).toEqual(['.traces.cpmi.jsonl.journal', 'traces.jsonl']);
    const rest = await steplens.score('label', place.source, '--limit', '60');
    expect(rest.stderr).toBe('');
    expect(rest.stdout).toMatch(/60 traces, 240 steps.* traces from an earlier run/);
    const resumed = place.bytes();
    await steplens.score('label', place.source, '--limit', '60', '--force');
    expect(place.bytes()).toBe(resumed);
  }, 120_000);

  it('labels the trace files of a folder, and standard input', async () => {
    const folder = join(place.folder, 'many');
    mkdirSync(folder);
    for (const name of ['b.jsonl', 'a.json', '.hidden.jsonl', 'c.steplens.json', 'notes.pdf']) {
      writeFileSync(join(folder, name), readFileSync(place.source));
    }
    rmSync(join(folder, 'c.steplens.json'));
    const limit = ['--limit', '1'];
    expect((await steplens.score('label', folder, ...limit)).code).toBe(0);
    const made = readdirSync(folder).filter((name) => name.endsWith('.cpmi.jsonl'));
    expect(made).toEqual(['a.cpmi.jsonl', 'b.cpmi.jsonl']);

    const out = join(place.folder, 'in.jsonl');
    const args = ['label', '-', '--out', out, ...limit, ...steplens.scoring];
    const { code } = await steplens.start(args, readFileSync(place.source, 'utf8')).ended;
    expect(code).toBe(0);
    expect(readFileSync(out)).toEqual(readFileSync(join(folder, 'a.cpmi.jsonl')));
  }, 60_000);

  it('writes the same with several jobs, on one file and on many, and tells of them in their order', async () => {
    const folder = join(place.folder, 'many');
    mkdirSync(folder);
    const names = ['a.jsonl', 'b.jsonl', 'c.jsonl'];
    for (const name of names) writeFileSync(join(folder, name), readFileSync(place.source));
    const pattern = join(folder, '[ab].json*');
    const alone = await steplens.score('label', place.source);
    const { code, stdout, stderr } = await steplens.score(
      ...(['label', pattern, join(folder, 'c.jsonl'), '--jobs', '3'] as const),
    );
    expect(code).toBe(0);
    const outputs = names.map((name) => join(folder, name.replace('.jsonl', '.cpmi.jsonl')));
    const told = [...stdout.matchAll(/^(.*): 6 traces/gm)].map(([, file]) => file);
    expect(told).toEqual(outputs);
    for (const out of outputs) expect(place.bytes(out)).toBe(place.bytes());
    for (const name of names) {
      const own = stderr.split('\n').filter((line) => line.includes(name));
      expect(own.map((line) => line.replace(join(folder, name), place.source))).toEqual(
        alone.stderr.trim().split('\n'),
      );
    }
    const none = join(folder, 'x*.jsonl');
    expect(await steplens.score('label', none)).toMatchObject({
      ...{ code: 1, stdout: '', stderr: `steplens: ${none}: no file matches\n` },
    });
  }, 60_000);

  it('goes on with the next file where one cannot be labelled', async () => {
    const none = join(place.folder, 'none.jsonl');
    const other = join(place.folder, 'other.jsonl');
    writeFileSync(other, 'no traces here');
    const { code, stdout, stderr } = await steplens.score('label', other, place.source, '--limit', '1');
    expect(code).toBe(1);
    expect(stdout).toContain('traces.cpmi.jsonl: 1 traces');
    expect(stderr).toMatch(/other\.jsonl: nothing could be scored\n/);
    expect(await steplens.score('label', none)).toMatchObject({
      code: 1,
      stderr: `steplens: ${none}: there is no such file\n`,
    });
  }, 60_000);

  it('refuses what would write one file twice or over an input, before anything is scored', async () => {
    const twin = join(place.folder, 'traces.json');
    writeFileSync(twin, '');
    const wrong = [
      [place.source, twin],
      [place.source, twin, '--out', 'x'],
      [place.source, place.out],
      ['-'],
      [place.source, '--threshold', 'high'],
      [],
    ];
    writeFileSync(place.out, '');
    for (const args of wrong) {
      const { code, stdout, stderr } = await steplens.run('label', ...args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr.split('\n').length).toBeLessThanOrEqual(3);
    }
    expect(place.bytes()).toBe('');
  }, 60_000);
});

describe('steplens eval, export and stats', () => {
  it('evaluate, hand on and describe one set of labels without scoring again', async () => {
    const saved = join(place.folder, 'kept.jsonl');
    const first = await steplens.score('eval', place.source, '--save', saved, '--json');
    expect(first.code).toBe(0);
    const scored = JSON.parse(first.stdout);
    expect(scored.counts).toEqual({
      ...{ traces: 2, withError: 1, unlabelled: 5, notScored: 0, brokenRecords: 1, leftOut: 0 },
    });
    const again = JSON.parse((await steplens.run('eval', '--from', saved, '--json')).stdout);
    expect(again.cpmi).toEqual(scored.cpmi);
    expect(again.pmi).toEqual(scored.pmi);
    expect(again.settings).toBeNull();
    expect((await steplens.run('eval', saved, '--save', saved)).code).toBe(1);

    await steplens.score('label', place.source);
    const labels = JSON.parse((await steplens.run('eval', place.out, '--json', '--tune', saved)).stdout);
    expect(labels.cpmi.overall.allSteps).toEqual(scored.cpmi.overall.allSteps);
    const text = await steplens.run('eval', place.out, '--threshold', '0');
    expect(text.stdout).toContain('ProcessBench (first step under the threshold)');

    const exported = await steplens.run('export', place.out, '--to', 'trl');
    expect(exported.stdout).toMatch(/traces\.trl\.jsonl: 6 traces, 16 steps\n/);
    expect((await steplens.run('export', place.out, '--to', 'nothing')).code).toBe(2);

    const page = join(place.folder, 'stats.html');
    const stats = await steplens.run('stats', place.out, '--html', page);
    expect(stats.stdout).toContain('Rewards by outcome');
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/);
    expect((await steplens.run('stats', place.out, '--html', page)).code).toBe(1);
    expect(JSON.parse((await steplens.run('stats', place.out, '--json')).stdout).traces).toBe(6);
    expect((await steplens.run('stats', place.source)).code).toBe(1);
  }, 60_000);

  it('leaves no file of rewards behind where it is interrupted', async () => {
    const saved = join(place.folder, 'kept.jsonl');
    const lines = Array.from({ length: 2_000 }, (_, i) =>
      JSON.stringify({ id: `n${i}`, question: 'q', steps: ['a', 'b'], answer: `${i}`, first_error: -1 }),
    );
    writeFileSync(place.source, lines.join('\n'));
    const { child, ended } = steplens.start(['eval', place.source, '--save', saved, ...steplens.scoring]);
    await vi.waitUntil(() => place.files().length > 1, { timeout: 50_000 }); // the rewards so far, under another name
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(place.files()).toEqual(['traces.jsonl']);
  }, 60_000);
});
