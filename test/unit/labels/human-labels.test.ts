import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  editHumanLabels,
  type HumanLabel,
  type HumanLabels,
  humanLabelPath,
  labelFile,
  NO_HUMAN_LABELS,
  readHumanLabels,
  setGoldAnswer,
  setStepLabel,
  traceKey,
} from '../../../src/labels';
import { formatHumanLabels, parseHumanLabels } from '../../../src/labels/human/sidecar';
import { readTrajectories, type Trajectory } from '../../../src/trajectory';
import { StubModel } from './stub-model';
import { Workplace } from './workplace';

const says = (label: HumanLabel['label']): HumanLabel => ({
  label,
  who: 'ada',
  when: '2026-01-02T03:04:05.000Z',
  reward: -0.25,
});

let place: Workplace;
let sidecar: string;
beforeEach(() => {
  place = new Workplace();
  sidecar = humanLabelPath(place.source);
});
afterEach(() => place.remove());

async function trajectories(): Promise<Trajectory[]> {
  const found: Trajectory[] = [];
  for await (const item of readTrajectories({ path: place.source })) {
    if ('trajectory' in item) found.push(item.trajectory);
  }
  return found;
}

async function keyOf(id: string): Promise<string> {
  const found = (await trajectories()).find((trajectory) => trajectory.id === id);
  if (!found) throw new Error(`no trace ${id}`);
  return traceKey(found);
}

const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const label: fc.Arbitrary<HumanLabel> = fc.record({
  label: fc.constantFrom('correct', 'neutral', 'incorrect'),
  who: fc.string(),
  when: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  reward: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0))),
});
const labels: fc.Arbitrary<HumanLabels> = fc.record({
  labels: fc
    .array(fc.tuple(hex, fc.array(fc.tuple(fc.nat(9999), label), { minLength: 1 })))
    .map((traces) => new Map(traces.map(([trace, steps]) => [trace, new Map(steps)]))),
  gold: fc
    .array(
      fc.tuple(
        hex,
        fc.string().filter((text) => text.trim() !== ''),
      ),
    )
    .map((all) => new Map(all)),
});

describe('human labels on disk', () => {
  it('come back as they were, whatever was set', () => {
    fc.assert(
      fc.property(labels, (all) => {
        expect(parseHumanLabels(formatHumanLabels(all), 'x')).toEqual(all);
      }),
    );
  });

  it('are none where there is no file', async () => {
    expect(await readHumanLabels(sidecar)).toEqual(NO_HUMAN_LABELS);
  });

  it('lose nothing to edits at the same time', async () => {
    const keys = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(32, '0'));
    await Promise.all(
      keys.map((key) => editHumanLabels(sidecar, (all) => setStepLabel(all, key, 1, says('neutral')))),
    );
    expect([...(await readHumanLabels(sidecar)).labels.keys()].sort()).toEqual(keys);
    expect(place.files()).toEqual(['traces.jsonl', 'traces.steplens.json']);
  });

  it('can be taken back', async () => {
    const key = 'a'.repeat(32);
    await editHumanLabels(sidecar, (all) =>
      setGoldAnswer(setStepLabel(all, key, 0, says('correct')), key, '7'),
    );
    await editHumanLabels(sidecar, (all) =>
      setGoldAnswer(setStepLabel(all, key, 0, undefined), key, undefined),
    );
    expect(await readHumanLabels(sidecar)).toEqual(NO_HUMAN_LABELS);
  });

  it.each([
    ['no JSON', '{"version": 1, "labels": {'],
    ['another version', '{"version": 2, "labels": {}, "gold": {}}'],
    ['a list', '[]'],
    ['a trace name that is none', '{"version": 1, "labels": {"__proto__": {}}}'],
    ['a step that is none', `{"version": 1, "labels": {"${'a'.repeat(32)}": {"-1": {}}}}`],
    ['a label that is none', `{"version": 1, "labels": {"${'a'.repeat(32)}": {"0": {"label": "good"}}}}`],
    ['a gold answer that is none', `{"version": 1, "gold": {"${'a'.repeat(32)}": 7}}`],
  ])('are not written over where the file holds %s', async (_, text) => {
    writeFileSync(sidecar, text);
    const wanted = { kind: 'human-labels', message: expect.stringContaining(sidecar) };
    await expect(readHumanLabels(sidecar)).rejects.toMatchObject(wanted);
    await expect(editHumanLabels(sidecar, (all) => all)).rejects.toMatchObject(wanted);
    await expect(labelFile(place.task())).rejects.toMatchObject(wanted);
    expect(readFileSync(sidecar, 'utf8')).toBe(text);
    await labelFile(place.task({ humanLabels: false }));
  });
});

describe('labelling with human labels', () => {
  it('lets them win and marks them, and keeps rewards and what the model said', async () => {
    await labelFile(place.task());
    const [, , before] = place.records();
    const key = await keyOf('t2');
    const verdicts = ['neutral', 'incorrect', 'correct'] as const;
    await editHumanLabels(sidecar, (all) =>
      verdicts.reduce((now, verdict, step) => setStepLabel(now, key, step, says(verdict)), all),
    );
    const { made } = await labelFile(place.task({ force: true }));
    const [, , after] = place.records();
    expect(after?.steps.map((step) => step.label)).toEqual([...verdicts, before?.steps[3]?.label]);
    expect(after?.labelledBy).toEqual(['human', 'human', 'human', 'model']);
    expect(after?.labels).toEqual([true, false, true, before?.labels[3]]);
    expect(after?.steps.map((step) => step.softLabel)).toEqual([0.5, 0, 1, before?.steps[3]?.softLabel]);
    expect(after?.rewards).toEqual(before?.rewards);
    for (const step of [0, 1, 2]) {
      expect(after?.steps[step]?.modelLabel).toBe(before?.steps[step]?.label);
      expect(after?.steps[step]?.modelSoftLabel).toBe(before?.steps[step]?.softLabel);
    }
    expect(made.counts).toMatchObject({ human: 3, neutral: 1 });
  });

  it('finds them after edits elsewhere in the file', async () => {
    const key = await keyOf('t2');
    await editHumanLabels(sidecar, (all) => setStepLabel(all, key, 1, says('incorrect')));
    const lines = readFileSync(place.source, 'utf8').trimEnd().split('\n');
    writeFileSync(place.source, lines.slice(1, 4).reverse().join('\n'));
    await labelFile(place.task());
    const record = place.records().find(({ id }) => id === 't2');
    expect(record?.labelledBy).toEqual(['model', 'human', 'model', 'model']);
  });

  it('takes gold answers that people have set, before those of the file', async () => {
    const [first, missing] = [await keyOf('t0'), await keyOf('t7')];
    await editHumanLabels(sidecar, (all) => setGoldAnswer(setGoldAnswer(all, first, '99'), missing, 'so'));
    await labelFile(place.task({ answer: 'given' }));
    const byId = new Map(place.records().map((record) => [record.id, record]));
    expect(byId.get('t0')).toMatchObject({ goldAnswer: '99', goldSource: 'given' });
    expect(byId.get('t7')).toMatchObject({ goldAnswer: 'so', goldSource: 'given' });
    expect(byId.get('t1')).toMatchObject({ goldAnswer: '3', goldSource: 'file' });
  });

  it('scores again only the traces whose gold answer was set since a run was stopped', async () => {
    const controller = new AbortController();
    const model = new StubModel((call) => (call === 6 ? controller.abort() : undefined));
    await expect(labelFile(place.task({ model }), { signal: controller.signal })).rejects.toThrow();
    const key = await keyOf('t1');
    await editHumanLabels(sidecar, (all) => setGoldAnswer(all, key, '99'));
    const again = new StubModel();
    await labelFile(place.task({ model: again }));
    expect(again.calls).toBe(1 + 10 - 6);
    expect(place.records()[1]).toMatchObject({ id: 't1', goldAnswer: '99' });
    const resumed = place.bytes();
    await labelFile(place.task({ force: true }));
    expect(place.bytes()).toBe(resumed);
  });
});
