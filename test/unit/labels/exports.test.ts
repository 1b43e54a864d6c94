import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  EXPORTS,
  type ExportFormat,
  exportLabels,
  exportPath,
  labelFile,
  type NeutralAs,
  type StoredStep,
  type StoredTrace,
} from '../../../src/labels';
import { numbered } from '../../../src/labels/exports/marked';
import { withoutNeutral } from '../../../src/labels/exports/neutral';
import { type RecordProblem, readTrajectories, type Trajectory } from '../../../src/trajectory';
import { storedTraces } from './stored-traces';
import { Workplace } from './workplace';

function formatOf(id: string): ExportFormat {
  const found = EXPORTS.find((format) => format.id === id);
  if (!found) throw new Error(`no format ${id}`);
  return found;
}

/** What a format makes of traces, read back by our own reader. */
async function roundTrip(
  id: string,
  traces: readonly StoredTrace[],
): Promise<{ text: string; read: Trajectory[] }> {
  const text = traces
    .map((trace) => formatOf(id).write(trace))
    .map((written) => ('text' in written ? written.text : expect.unreachable(written.problem)))
    .join('');
  const read: Trajectory[] = [];
  for await (const item of readTrajectories({ text, name: 'x.jsonl' })) {
    if ('problem' in item) expect.unreachable(item.problem.reason);
    else read.push(item.trajectory);
  }
  return { text, read };
}

const plain = (trace: StoredTrace): StoredTrace => withoutNeutral(trace, 'incorrect') ?? trace;
const labelsOf = (steps: readonly { label?: string }[]) => steps.map((step) => step.label);

describe('export formats read back by the reader', () => {
  it('trl: texts, labels and gold answers come back; floats stand beside the booleans', async () => {
    await fc.assert(
      fc.asyncProperty(storedTraces, async (all) => {
        const traces = all.map(plain);
        const { text, read } = await roundTrip('trl', traces);
        expect(read.map((t) => t.format)).toEqual(traces.map(() => 'trl'));
        expect(read.map((t) => [t.id, t.question.text, t.goldAnswer?.text])).toEqual(
          traces.map((t) => [t.id, t.question, t.goldAnswer]),
        );
        expect(read.map((t) => t.steps.map((s) => s.text))).toEqual(
          traces.map((t) => t.steps.map((s) => s.text)),
        );
        expect(read.map((t) => labelsOf(t.steps))).toEqual(traces.map((t) => labelsOf(t.steps)));
        const rows = text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        expect(rows.every((row) => row.labels.every((label: unknown) => typeof label === 'boolean'))).toBe(
          true,
        );
        expect(rows.map((row) => row.rewards)).toEqual(traces.map((t) => t.steps.map((s) => s.reward)));
        expect(rows.map((row) => row.soft_labels)).toEqual(
          traces.map((t) => t.steps.map((s) => s.softLabel)),
        );
      }),
    );
  });

  it('prm800k: neutral comes back too', async () => {
    await fc.assert(
      fc.asyncProperty(storedTraces, async (traces) => {
        const { read } = await roundTrip('prm800k', traces);
        expect(read.map((t) => t.format)).toEqual(traces.map(() => 'prm800k'));
        expect(read.map((t) => [t.question.text, t.goldAnswer?.text])).toEqual(
          traces.map((t) => [t.question, t.goldAnswer]),
        );
        expect(read.map((t) => t.steps.map((s) => s.text))).toEqual(
          traces.map((t) => t.steps.map((s) => s.text)),
        );
        expect(read.map((t) => labelsOf(t.steps))).toEqual(traces.map((t) => labelsOf(t.steps)));
      }),
    );
  });

  it.each(['math-shepherd', 'openrlhf'])('%s: numbered steps and their signs come back', async (id) => {
    await fc.assert(
      fc.asyncProperty(storedTraces, async (all) => {
        const traces = all.map(plain);
        const { read } = await roundTrip(id, traces);
        expect(read.map((t) => t.format)).toEqual(traces.map(() => 'math-shepherd'));
        expect(read.map((t) => t.question.text)).toEqual(traces.map((t) => t.question.trim()));
        expect(read.map((t) => t.steps.map((s) => s.text))).toEqual(
          traces.map((t) => t.steps.map((s, i) => numbered(s.text, i))),
        );
        expect(read.map((t) => labelsOf(t.steps))).toEqual(traces.map((t) => labelsOf(t.steps)));
      }),
    );
  });
});

const step = (text: string, label: StoredStep['label'], reward = 0.5): StoredStep => ({
  ...{ text, label, reward, softLabel: 0.7, goldGain: 0.25, contrastGain: null },
  labelledBy: 'human',
  modelLabel: 'correct',
});
const trace: StoredTrace = {
  ...{ line: 3, id: 'a', question: 'How many?', goldAnswer: '42', goldSource: 'file', finalAnswer: '41' },
  ...{ model: null, estimator: null, task: 'sums' },
  steps: [step('Step 1: =20 + 21', 'correct'), step('So "41", then.', 'incorrect', -1.25)],
};
const written = (id: string, of = trace): string => {
  const result = formatOf(id).write(of);
  return 'text' in result ? result.text : result.problem;
};

describe('export formats', () => {
  it('openrlhf: one reward token a placeholder, and the same as floats', () => {
    const row = JSON.parse(written('openrlhf'));
    expect(row.input).toBe('How many? Step 1: =20 + 21 ки\nStep 2: So "41", then. ки');
    expect(row.value).toEqual(['+', '-']);
    expect(row.soft_value).toEqual([0.7, 0.7]);
  });

  it('math-shepherd: the label is the input with signs for marks', () => {
    const row = JSON.parse(written('math-shepherd'));
    expect(row.label).toBe('How many? Step 1: =20 + 21 +\nStep 2: So "41", then. -');
    expect(row.task).toBe('sums');
  });

  it('rlhflow: the user says steps, the assistant judges them', () => {
    expect(JSON.parse(written('rlhflow')).conversations).toEqual([
      { role: 'user', content: 'How many? Step 1: =20 + 21' },
      { role: 'assistant', content: '+' },
      { role: 'user', content: 'So "41", then.' },
      { role: 'assistant', content: '-' },
    ]);
  });

  it('csv: one row a step, nothing that a spreadsheet would run', () => {
    const hostile = { ...trace, id: '=cmd()', steps: [step('+1,2\n"x"', 'neutral')] };
    expect(formatOf('csv').header + written('csv', hostile)).toBe(
      'id,task,step,steps,label,labelled_by,reward,soft_label,gold_gain,contrast_gain,gold_answer,final_answer,text\r\n' +
        `'=cmd(),sums,1,1,neutral,human,0.5,0.7,0.25,,42,41,"'+1,2\n""x"""\r\n`,
    );
  });

  it('never call an answer gold that is only the trace’s own', () => {
    const own: StoredTrace = { ...trace, goldSource: 'final' };
    expect(JSON.parse(written('trl', own))).not.toHaveProperty('answer');
    expect(JSON.parse(written('prm800k', own)).question.ground_truth_answer).toBeNull();
    expect(written('csv', own)).not.toContain(',42,');
  });

  it('prm800k: has the columns that readers of the data set drop or filter by', () => {
    expect(JSON.parse(written('prm800k', trace))).toMatchObject({
      timestamp: null,
      generation: null,
      is_quality_control_question: false,
      is_initial_screening_question: false,
    });
  });

  it('refuse a trace that holds their mark', () => {
    const marked = { ...trace, steps: [step('кирпичики', 'correct')] };
    for (const id of ['math-shepherd', 'openrlhf'])
      expect(written(id, marked)).toMatch(/step 1 holds the mark/);
  });
});

describe('neutral steps', () => {
  const three = { ...trace, steps: [step('a', 'neutral'), step('b', 'incorrect', -2), step('c', 'neutral')] };

  it('dropped: the text stays in front of the next step, and a neutral end is cut off', () => {
    const result = withoutNeutral(three, 'drop');
    expect(result?.steps).toEqual([{ ...step('b', 'incorrect', -2), text: 'a\n\nb' }]);
    expect(withoutNeutral({ ...three, steps: [step('a', 'neutral')] }, 'drop')).toBeUndefined();
  });

  it.each(['correct', 'incorrect'] as const)('called %s: only the label changes', (as) => {
    expect(labelsOf(withoutNeutral(three, as)?.steps ?? [])).toEqual([as, 'incorrect', as]);
  });

  it('dropped: no text is lost but at the end', () => {
    fc.assert(
      fc.property(storedTraces, (traces) => {
        for (const one of traces) {
          const last = one.steps.findLastIndex((s) => s.label !== 'neutral');
          const kept = withoutNeutral(one, 'drop')?.steps ?? [];
          const before = one.steps
            .slice(0, last + 1)
            .map((s) => s.text)
            .join('\n\n');
          expect(kept.map((s) => s.text).join('\n\n')).toBe(before);
          expect(kept.every((s) => s.label !== 'neutral')).toBe(true);
        }
      }),
    );
  });
});

describe('exportLabels', () => {
  let place: Workplace;
  beforeEach(async () => {
    place = new Workplace();
    await labelFile(place.task());
  });
  afterEach(() => place.remove());
  const run = (id: string, over: { neutral?: NeutralAs; force?: boolean; out?: string } = {}) =>
    exportLabels({ source: place.out, to: formatOf(id), ...over });

  it.each(EXPORTS.map((format) => format.id))('%s: writes all traces beside the labels, once', async (id) => {
    const result = await run(id);
    expect(result).toMatchObject({ out: exportPath(place.out, formatOf(id)), traces: 10, problems: 0 });
    expect(result.out).toBe(join(place.folder, id === 'csv' ? 'traces.cpmi.csv' : `traces.${id}.jsonl`));
    const before = readFileSync(result.out, 'utf8');
    await expect(run(id)).rejects.toMatchObject({ kind: 'exists' });
    await run(id, { force: true });
    expect(readFileSync(result.out, 'utf8')).toBe(before);
    expect(place.files().some((file) => file.startsWith('.'))).toBe(false);
  });

  it('wants to be told what to do with neutral steps, and writes nothing before', async () => {
    const [first, ...rest] = readFileSync(place.out, 'utf8').split('\n');
    writeFileSync(place.out, [first?.replace(/"label":"\w+"/, '"label":"neutral"'), ...rest].join('\n'));
    await expect(run('trl')).rejects.toMatchObject({
      kind: 'neutral',
      message: expect.stringMatching(/line 1: step 1 .*--neutral drop, correct or incorrect/),
    });
    expect(existsSync(exportPath(place.out, formatOf('trl')))).toBe(false);
    expect((await run('trl', { neutral: 'drop' })).traces).toBe(10);
    expect((await run('prm800k')).traces).toBe(10);
  });

  it('tells what is no scored trace, and goes on', async () => {
    writeFileSync(
      place.out,
      `{"torn\n[]\n{"id": "x", "question": "q", "goldAnswer": "1", "steps": [{"text": 1}]}\n`,
      {
        flag: 'a',
      },
    );
    const problems: RecordProblem[] = [];
    const task = { source: place.out, to: formatOf('trl') };
    const result = await exportLabels(task, { onProblem: (problem) => problems.push(problem) });
    expect(result).toMatchObject({ traces: 10, problems: 3 });
    expect(problems).toEqual([
      { line: 11, reason: 'the line is no JSON' },
      { line: 12, reason: 'an object is expected' },
      { line: 13, reason: 'steps[0].text: a text is expected' },
    ]);
  });

  it('never writes over the labels', async () => {
    await expect(run('trl', { out: place.out, force: true })).rejects.toMatchObject({ kind: 'conflict' });
    expect(place.records().length).toBe(10);
  });

  it('leaves nothing where there is nothing to export, or no file', async () => {
    writeFileSync(place.out, 'nothing\n');
    await expect(run('trl')).rejects.toMatchObject({ kind: 'nothing' });
    const none = { source: join(place.folder, 'none'), to: formatOf('trl') };
    await expect(exportLabels(none)).rejects.toMatchObject({ kind: 'read' });
    expect(place.files()).toEqual(['traces.cpmi.jsonl', 'traces.cpmi.meta.json', 'traces.jsonl']);
  });
});
