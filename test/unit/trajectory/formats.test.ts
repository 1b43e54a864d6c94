import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  detectFormat,
  FORMATS,
  readTrajectories,
  SPLITTINGS,
  type Trajectory,
} from '../../../src/trajectory';
import { misplaced, readAll, readText, unplaced } from './support';

const FOLDER = join(__dirname, '../../fixtures/formats');
const FILES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => name);

function summary(trajectory: Trajectory): unknown {
  const { question, steps, goldAnswer, span: _span, format: _format, ...rest } = trajectory;
  return {
    ...rest,
    question: question.text,
    goldAnswer: goldAnswer?.text,
    steps: steps.map((step) => ({
      text: step.text,
      ...(step.label && { label: step.label }),
      ...(step.observation && { observation: step.observation.text }),
    })),
  };
}

describe.each(FILES)('%s', (name) => {
  const path = join(FOLDER, name);

  it('is recognised and read as it should be', async () => {
    const [best] = await detectFormat({ path });
    const { trajectories, problems } = await readAll({ path });
    for (const trajectory of trajectories) expect(trajectory.format).toBe(best?.id);
    const read = { format: best?.id, problems, trajectories: trajectories.map(summary) };
    await expect(`${JSON.stringify(read, null, 2)}\n`).toMatchFileSnapshot(
      join(FOLDER, 'expected', `${name}.json`),
    );
  });

  it('gives spans that slice back to every text', async () => {
    for (const splitting of SPLITTINGS) {
      const { trajectories } = await readAll({ path }, { splitting });
      // Spans of an archive count in its members: see the archive's own test.
      if (!name.endsWith('.eval')) expect(misplaced(readFileSync(path, 'utf8'), trajectories)).toEqual([]);
      expect(unplaced(trajectories)).toBe(0);
    }
  });
});

describe('all formats', () => {
  it('have fixtures, ids of their own and a documentation', async () => {
    const found = new Set<string>();
    for (const name of FILES) found.add((await detectFormat({ path: join(FOLDER, name) }))[0]?.id ?? '');
    expect([...found].sort()).toEqual(FORMATS.map(({ id }) => id).sort());
    expect(new Set(FORMATS.map(({ id }) => id)).size).toBe(FORMATS.length);
    for (const format of FORMATS) {
      expect(format.label).not.toBe('');
      expect(format.documentation).not.toBe('');
    }
  });

  it('are described in docs/formats.md', () => {
    const docs = readFileSync(join(__dirname, '../../../docs/formats.md'), 'utf8');
    const described = [...docs.matchAll(/^\| `([a-z0-9-]+)` +\|/gm)].map(([, id]) => id);
    expect(described).toEqual(expect.arrayContaining(FORMATS.map(({ id }) => id)));
  });

  it('read any record without throwing, whatever it holds', async () => {
    const odd = [
      'null',
      '1',
      '"text"',
      '[]',
      '{}',
      '[[]]',
      '{"messages": [null, 1, {"role": 5}]}',
      '{"steps": [1]}',
    ];
    const lines = FILES.filter((name) => !name.endsWith('.eval')).map((name) =>
      readFileSync(join(FOLDER, name), 'utf8'),
    );
    for (const { id, reads } of FORMATS) {
      for (const text of [...odd, ...lines]) {
        const name = reads === 'json' ? 'a.jsonl' : 'a.txt';
        let count = 0;
        for await (const _item of readTrajectories({ text, name }, { format: id })) count++;
        expect(count).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe('what a format takes for granted', () => {
  it('puts a negative of another solution to each trace, never its own answer or gold', async () => {
    const { trajectories } = await readAll({ path: join(FOLDER, 'gsm8k-solutions.jsonl') });
    expect(
      trajectories.map(({ finalAnswer, negatives }) => [finalAnswer, negatives.map(({ text }) => text)]),
    ).toEqual([
      ['5', ['12']],
      ['10', ['5', '12']],
      ['12', ['5']],
    ]);
  });

  it('reads one record of each lm-eval document, whatever the order of the filters', async () => {
    const rows = readFileSync(join(FOLDER, 'lm-eval.jsonl'), 'utf8').trim().split('\n');
    const { trajectories } = await readText(rows.join('\n'));
    expect(trajectories.map(({ id }) => id)).toEqual(['0', '1/1', '1/2']);
  });

  it('does not take the trace’s own answer for gold when reading rewards back', async () => {
    const { trajectories } = await readAll({ path: join(FOLDER, 'steplens.cpmi.jsonl') });
    expect(trajectories.map(({ goldAnswer }) => goldAnswer?.text)).toEqual(['10', undefined]);
  });

  it('reads a thousand levels of an OmegaPRM tree', async () => {
    let tree = '{"text": "leaf", "mc_value": 1, "children": []}';
    for (let level = 0; level < 400; level++)
      tree = `{"text": "s${level}", "mc_value": 1, "children": [${tree}]}`;
    const { trajectories } = await readText(
      `{"question": "q", "final_answer": "1", "reasoning_steps": ${tree}}`,
    );
    expect(trajectories[0]?.steps).toHaveLength(400);
  });

  it('reads ten thousand turns and ten thousand steps in a record in little time', async () => {
    const messages = Array.from({ length: 20_000 }, (_, i) => ({
      role: i % 2 ? 'assistant' : 'user',
      content: `m${i}`,
    }));
    const steps = Array.from({ length: 10_000 }, (_, i) => `Step ${i + 1}: it is ${i}.`);
    const started = performance.now();
    const chat = await readText(JSON.stringify({ messages }));
    expect(chat.trajectories).toHaveLength(10_000);
    const given = await readText(JSON.stringify({ question: 'q', steps }));
    expect(given.trajectories[0]?.steps).toHaveLength(10_000);
    const free = await readText(JSON.stringify({ question: 'q', response: steps.join('\n') }));
    expect(free.trajectories[0]?.steps).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('text', () => {
  const steps = async (text: string) =>
    (await readText(text, 'a.md')).trajectories.map(({ question, steps: found, goldAnswer }) => ({
      question: question.text,
      steps: found.map((step) => step.text),
      gold: goldAnswer?.text,
    }));

  it.each([
    ['Just a thought.\n\nAnd another.', { question: '', steps: ['Just a thought.', 'And another.'] }],
    ['How many?\n\nTwo.\n\nSo 2.', { question: 'How many?', steps: ['Two.', 'So 2.'] }],
    [
      'Count them.\nStep 1: one\nStep 2: two',
      { question: 'Count them.', steps: ['Step 1: one', 'Step 2: two'] },
    ],
    ['Q: How many?\nA: 2', { question: 'How many?', steps: ['2'] }],
    [
      '**Question:** How many?\n**Answer:** 2\n**Solution:**\na\n\nb',
      { question: 'How many?', steps: ['a', 'b'], gold: '2' },
    ],
    [
      'Problem: a\n\nb\n\nSolution: c. D.\nGround truth: 5',
      { question: 'a\n\nb', steps: ['c.', 'D.'], gold: '5' },
    ],
    ['a</think>b', { question: '', steps: ['a', 'b'] }],
  ])('%j', async (text, expected) => {
    const [found, ...more] = await steps(text);
    expect(more).toEqual([]);
    expect(found).toEqual({ gold: undefined, ...expected });
  });

  it('takes labels made to be slow', async () => {
    for (const text of [
      'question '.repeat(50_000),
      '# '.repeat(100_000),
      `Answer:${' '.repeat(200_000)}x`,
      'Q:\n'.repeat(30_000),
    ]) {
      const started = performance.now();
      await readText(text, 'a.md');
      expect(performance.now() - started).toBeLessThan(2000);
    }
  });
});
