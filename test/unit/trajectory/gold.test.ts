import { describe, expect, it } from 'vitest';
import { GoldError, readGold } from '../../../src/trajectory';
import { AnswerTable } from '../../../src/trajectory/gold/answer-table';
import { readText } from './support';

const gold = (records: readonly unknown[] | string) =>
  readGold(
    { text: typeof records === 'string' ? records : records.map((r) => JSON.stringify(r)).join('\n') },
    'gold.jsonl',
  );

const traces = [
  { id: 'a', question: 'How many\n apples?', steps: ['So 3.'] },
  { id: 'b', question: 'How many pears?', steps: ['So 4.'] },
  { id: 'c', question: 'How many plums?', steps: ['So 5.'], answer: '6' },
  { question: 'How many figs?', steps: ['So 7.'] },
]
  .map((trace) => JSON.stringify(trace))
  .join('\n');

const answers = async (records: readonly unknown[] | string) => {
  const table = await gold(records);
  const { trajectories } = await readText(traces, 'a.jsonl', { gold: table });
  return { found: trajectories.map((trace) => trace.goldAnswer?.text), joined: table.joined };
};

describe('right answers of another file', () => {
  it.each([
    ['by question', [{ question: 'how many  apples?', answer: 3 }], ['3', undefined, '6', undefined]],
    ['by id', [{ id: 'b', answer: '44' }], [undefined, '44', '6', undefined]],
    [
      'of GSM8K',
      [{ question: 'How many apples?', answer: 'Three.\n#### 3' }],
      ['3', undefined, '6', undefined],
    ],
    [
      'of our own format',
      [{ id: 'a', question: 'x', steps: ['s'], answer: '9' }],
      ['9', undefined, '6', undefined],
    ],
    ['as a map', '{"a": 1, "How many figs?": "2"}', ['1', undefined, '6', '2']],
    [
      'with a worked solution',
      [{ problem: 'How many figs?', solution: 'It is \\boxed{8}.' }],
      [undefined, undefined, '6', '8'],
    ],
  ])('are joined %s', async (_how, records, expected) => {
    expect((await answers(records)).found).toEqual(expected);
  });

  it('go by the question before the id, and count what they joined', async () => {
    const { found, joined } = await answers([
      { id: 'a', question: 'How many pears?', answer: '1' },
      { id: 'x', question: 'How many figs?', answer: '2' },
    ]);
    expect(found).toEqual(['1', '1', '6', '2']);
    expect(joined).toEqual({ question: 2, id: 1, none: 0 });
  });

  it('say nothing where they contradict each other', async () => {
    const { found } = await answers([
      { question: 'How many apples?', answer: '3' },
      { question: 'How many apples?', answer: '3.0' },
      { question: 'How many pears?', answer: '3' },
      { question: 'How many pears?', answer: '4' },
    ]);
    expect(found).toEqual(['3', undefined, '6', undefined]);
  });

  it('find the solutions whose id occurs again', async () => {
    const twice = ['s', 't']
      .map((step) => JSON.stringify({ id: 'a', question: step, steps: [step] }))
      .join('\n');
    const { trajectories } = await readText(twice, 'a.jsonl', {
      gold: await gold([{ id: 'a', answer: '5' }]),
    });
    expect(trajectories.map(({ id, goldAnswer }) => [id, goldAnswer?.text])).toEqual([
      ['a', '5'],
      ['a#2', '5'],
    ]);
  });

  it('pass over broken records, and say where there are none', async () => {
    expect((await answers('{"id": "a", "answer": "5"}\n{"id": \n{"id": "b", "answer": "6"}')).found).toEqual([
      '5',
      '6',
      '6',
      undefined,
    ]);
    await expect(gold([{ question: 'q', text: 'a' }])).rejects.toThrow(GoldError);
    await expect(gold('')).rejects.toThrow(/no right answers/);
  });
});

describe('the table of answers', () => {
  it('finds each of a hundred thousand keys and no other, in a few megabytes', () => {
    const table = new AnswerTable();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 100_000; i++) table.add(`key ${i}`, String(i % 1000));
    for (let i = 0; i < 100_000; i += 7) expect(table.get(`key ${i}`)).toBe(String(i % 1000));
    for (let i = 0; i < 1000; i++) expect(table.get(`other ${i}`)).toBeUndefined();
    expect(table.size).toBe(100_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(12e6);
  });
});
