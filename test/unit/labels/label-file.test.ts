import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LabelProgress, labelFile } from '../../../src/labels';
import { fitSoftLabels, softLabel } from '../../../src/labels/soft-label';
import type { RecordProblem } from '../../../src/trajectory';
import { StubModel } from './stub-model';
import { Workplace } from './workplace';

let place: Workplace;
beforeEach(() => {
  place = new Workplace();
});
afterEach(() => place.remove());

/** Stops a run when the model is asked for trace number `call`. */
async function stopAt(call: number, over = {}): Promise<void> {
  const controller = new AbortController();
  const model = new StubModel((n) => (n === call ? controller.abort() : undefined));
  await expect(
    labelFile(place.task({ model, ...over }), { signal: controller.signal }),
  ).rejects.toMatchObject({
    name: 'AbortError',
  });
}

describe('labelFile', () => {
  it('writes one line a trace in the order of the file, and leaves nothing else behind', async () => {
    const problems: RecordProblem[] = [];
    const { made } = await labelFile(place.task(), { onProblem: (problem) => problems.push(problem) });
    const records = place.records();
    expect(records.map((record) => record.id)).toEqual('t0 t1 t2 t3 t4 t6 t8 t9 t10 t11'.split(' '));
    expect(place.files()).toEqual(['traces.cpmi.jsonl', 'traces.cpmi.meta.json', 'traces.jsonl']);
    expect(problems.map(({ line }) => line)).toEqual([6, 8]);
    expect(problems[1]?.reason).toMatch(/t7 is not scored: .*no gold answer/);
    expect(made.counts).toMatchObject({ traces: 11, scored: 10, notScored: 1, brokenRecords: 1, resumed: 0 });
    expect(made.notScored).toEqual([
      { line: 8, id: 't7', reason: expect.stringContaining('no gold answer') },
    ]);
  });

  it('gives every line the same labels in both of its forms, and no time', async () => {
    await labelFile(place.task());
    for (const record of place.records()) {
      expect(record).not.toHaveProperty('seconds');
      expect(record.prompt).toBe(record.question);
      expect(record.completions).toEqual(record.steps.map((step) => step.text));
      expect(record.rewards).toEqual(record.steps.map((step) => step.reward));
      expect(record.labels).toEqual(record.steps.map((step) => step.label === 'correct'));
      expect(new Set(record.labelledBy)).toEqual(new Set(['model']));
    }
    expect(place.records()[1]).toMatchObject({ task: 'sums', firstError: 0 });
    expect(place.records()[0]).not.toHaveProperty('firstError');
  });

  it('fits soft labels to all rewards of the file, and stores how', async () => {
    const { made } = await labelFile(place.task());
    const scale = fitSoftLabels(place.records().flatMap((record) => record.rewards));
    expect(made.softLabels).toEqual({ ...scale, largestZ: 6 });
    for (const step of place.records().flatMap((record) => record.steps)) {
      expect(step.softLabel).toBe(softLabel(step.reward, scale));
      expect(step.label).toBe(step.softLabel >= 0.5 ? 'correct' : 'incorrect');
    }
  });

  it('writes the same bytes however many traces are scored at a time, and tells the same in the same order', async () => {
    const alone: RecordProblem[] = [];
    await labelFile(place.task(), { onProblem: (problem) => alone.push(problem) });
    const once = place.bytes();
    const counts = JSON.parse(readFileSync(join(place.folder, 'traces.cpmi.meta.json'), 'utf8')).counts;
    let [running, most] = [0, 0];
    const model = new StubModel(async (call) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, (call * 7) % 11));
      running--;
    });
    const together: RecordProblem[] = [];
    const { made } = await labelFile(place.task({ model, jobs: 4, force: true }), {
      onProblem: (problem) => together.push(problem),
    });
    expect(most).toBe(4);
    expect(place.bytes()).toBe(once);
    expect(together).toEqual(alone);
    expect(made.counts).toEqual(counts);
  });

  it('ends with what went wrong first where several are scored, and goes on from there', async () => {
    const whole = new Workplace();
    await labelFile(whole.task());
    const model = new StubModel((call) => {
      if (call === 5) throw new RangeError('the fifth');
    });
    await expect(labelFile(place.task({ model, jobs: 3 }))).rejects.toThrow('the fifth');
    expect(existsSync(place.out)).toBe(false);
    const rest = new StubModel();
    await labelFile(place.task({ model: rest, jobs: 3 }));
    expect(rest.calls).toBeLessThan(8);
    expect(place.bytes()).toBe(whole.bytes());
    whole.remove();
  });

  it('takes a threshold for the hard labels', async () => {
    await labelFile(place.task({ threshold: 0.3 }));
    for (const step of place.records().flatMap((record) => record.steps)) {
      expect(step.label).toBe(step.reward >= 0.3 ? 'correct' : 'incorrect');
    }
  });

  it('tells how far it is, with rates and the time left', async () => {
    const seen: LabelProgress[] = [];
    const slow = new StubModel(() => new Promise((resolve) => setTimeout(resolve, 2)));
    await labelFile(place.task({ model: slow }), { onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ done: 0, total: 11, resumed: 0 });
    expect(seen.map(({ done }) => done)).toEqual([...Array(12).keys()]);
    const half = seen[6];
    expect(half?.stepsPerSecond).toBeGreaterThan(0);
    expect(half?.tokensPerSecond).toBeGreaterThan(0);
    expect(half?.secondsLeft).toBeGreaterThan(0);
    expect(seen.at(-1)?.secondsLeft).toBeCloseTo(0);
  });

  it('goes on where it was stopped, and says so', async () => {
    await labelFile(place.task());
    const whole = place.bytes();
    await stopAt(4, { force: true });
    expect(place.files()).toContain('.traces.cpmi.jsonl.journal');
    expect(place.files()).not.toContain('.traces.cpmi.jsonl.lock');
    const model = new StubModel();
    const { made } = await labelFile(place.task({ model, force: true }));
    expect(model.calls).toBe(6);
    expect(made.counts.resumed).toBe(4);
    expect(place.bytes()).toBe(whole);
    expect(place.files()).toEqual(['traces.cpmi.jsonl', 'traces.cpmi.meta.json', 'traces.jsonl']);
  });

  it('leaves no journal behind where nothing was scored yet', async () => {
    await stopAt(0);
    expect(place.files()).toEqual(['traces.jsonl']);
  });

  it('never writes over an output that is there, unless it is told to', async () => {
    writeFileSync(place.out, 'mine');
    await expect(labelFile(place.task())).rejects.toMatchObject({ kind: 'exists' });
    expect(place.bytes()).toBe('mine');
    expect(place.files()).toEqual(['traces.cpmi.jsonl', 'traces.jsonl']);
    await labelFile(place.task({ force: true }));
    expect(place.records().length).toBe(10);
  });

  it('lets an output stand that came to be during the run, and keeps what it scored', async () => {
    const model = new StubModel((call) => (call === 9 ? writeFileSync(place.out, 'mine') : undefined));
    await expect(labelFile(place.task({ model }))).rejects.toMatchObject({ kind: 'exists' });
    expect(place.bytes()).toBe('mine');
    const again = new StubModel();
    await labelFile(place.task({ model: again, force: true }));
    expect(again.calls).toBe(0);
  });

  it('does not take a metadata file that it did not write', async () => {
    writeFileSync(join(place.folder, 'traces.cpmi.meta.json'), '{"mine": 1}');
    await expect(labelFile(place.task())).rejects.toMatchObject({ kind: 'exists' });
    await labelFile(place.task({ force: true }));
  });

  it('never writes over its input, under whatever name', async () => {
    const hard = join(place.folder, 'hard.jsonl');
    const soft = join(place.folder, 'soft.jsonl');
    linkSync(place.source, hard);
    symlinkSync(place.source, soft);
    const before = place.bytes(place.source);
    for (const out of [place.source, hard, soft, join(place.folder, 'traces.steplens.json')]) {
      await expect(labelFile(place.task({ out, force: true }))).rejects.toMatchObject({ kind: 'conflict' });
    }
    mkdirSync(join(place.folder, 'sub'));
    await expect(labelFile(place.task({ out: join(place.folder, 'sub') }))).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect(place.bytes(place.source)).toBe(before);
  });

  it('stops where the input has changed since, and begins again when told to', async () => {
    await stopAt(4);
    writeFileSync(place.source, `${readFileSync(place.source, 'utf8')}\n`);
    await expect(labelFile(place.task())).rejects.toMatchObject({
      kind: 'changed',
      message: expect.stringMatching(/input .*--restart/),
    });
    const model = new StubModel();
    await labelFile(place.task({ model, restart: true }));
    expect(model.calls).toBe(10);
  });

  it('stops where settings or model have changed since, and names them', async () => {
    await stopAt(4);
    const task = place.task();
    const other = { ...task, settings: { ...task.settings, templates: 2 } };
    await expect(labelFile(other)).rejects.toThrow('templates 1, now 2');
    const model = Object.assign(new StubModel(), { id: { name: 'other', sha256: '11' } });
    await expect(labelFile(place.task({ model }))).rejects.toMatchObject({ kind: 'changed' });
    await labelFile(task);
  });

  it('goes on with another threshold and another limit', async () => {
    await stopAt(4, { limit: 6 });
    const model = new StubModel();
    await labelFile(place.task({ model, threshold: 0 }));
    expect(model.calls).toBe(6);
  });

  it('reads no further than its limit, also in a file of many chunks', async () => {
    const line = JSON.stringify({ question: 'q'.repeat(900), steps: ['a', 'b'], answer: '1' });
    writeFileSync(place.source, `${line}\n`.repeat(1_000));
    const { made } = await labelFile(place.task({ limit: 3 }));
    expect(made.counts).toMatchObject({ traces: 3, scored: 3 });
    expect(made.input.size).toBe(1_000 * (line.length + 1));
  });

  it('notices an input that changes while it is read', async () => {
    const model = new StubModel((call) => {
      if (call === 3) writeFileSync(place.source, `${readFileSync(place.source, 'utf8')}{}\n`);
    });
    await expect(labelFile(place.task({ model }))).rejects.toMatchObject({ kind: 'changed' });
    expect(existsSync(place.out)).toBe(false);
  });

  it('says so where the input is gone, and finishes where it goes meanwhile', async () => {
    await expect(labelFile(place.task({ source: join(place.folder, 'none.jsonl') }))).rejects.toMatchObject({
      kind: 'read',
      message: expect.stringMatching(/none\.jsonl: there is no such file/),
    });
    await expect(labelFile(place.task({ source: place.folder }))).rejects.toThrow('it is a folder');
    await labelFile(place.task());
    const whole = place.bytes();
    const gone = new StubModel((n) =>
      n === 3 ? renameSync(place.source, join(place.folder, 'x')) : undefined,
    );
    await labelFile(place.task({ model: gone, force: true }));
    expect(place.bytes()).toBe(whole);
  });

  it('stops cleanly where its input goes and an interrupted run is begun again', async () => {
    await stopAt(4);
    const elsewhere = join(place.folder, 'x');
    renameSync(place.source, elsewhere);
    await expect(labelFile(place.task())).rejects.toMatchObject({ kind: 'read' });
    renameSync(elsewhere, place.source);
    const model = new StubModel();
    await labelFile(place.task({ model }));
    expect(model.calls).toBe(6);
  });

  it('says where the output has no folder', async () => {
    const out = join(place.folder, 'nowhere', 'out.jsonl');
    await expect(labelFile(place.task({ out }))).rejects.toMatchObject({
      kind: 'write',
      message: `${out}: its folder does not exist`,
    });
  });

  it('writes nothing where nothing can be scored', async () => {
    writeFileSync(place.source, '{"id": "a", "question": "Why?", "steps": ["Because."]}\n');
    await expect(labelFile(place.task())).rejects.toMatchObject({ kind: 'nothing' });
    expect(place.files()).toEqual(['traces.jsonl']);
  });

  it('takes a gold answer for traces without one', async () => {
    await labelFile(place.task({ answer: 'so' }));
    expect(place.records()[6]).toMatchObject({ id: 't7', goldAnswer: 'so', goldSource: 'given' });
  });
});
