import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseNegatives, type NegativeSources } from '../../../src/cpmi/negatives';
import { answerKey, answersEqual } from '../../../src/trajectory/answers';
import type { NegativeOrigin } from '../../../src/trajectory/trajectory';

const bare: NegativeSources = { question: 'How many?', steps: [], gold: '20', recorded: [], siblings: [] };
const choose = (sources: Partial<NegativeSources>, count = 4, seed = 0) =>
  chooseNegatives({ ...bare, ...sources }, { count, seed });
const shown = (sources: Partial<NegativeSources>, count = 4) =>
  choose(sources, count).map(({ text, origin }) => `${origin} ${text}`);

const RANK: readonly NegativeOrigin[] = ['sibling', 'option', 'intermediate', 'sampled', 'perturbation'];

describe('chooseNegatives', () => {
  it('prefers wrong answers of other solutions and of this one', () => {
    const sources = {
      siblings: ['20', '$25', '20.0', '25 apples'],
      finalAnswer: '30',
      steps: ['7 + 8 = 15'],
    };
    expect(shown(sources, 2).sort()).toEqual(['sibling 25', 'sibling 30']);
    expect(shown(sources, 3)[2]).toBe('intermediate 15');
    expect(choose(sources, 4)[3]?.origin).toBe('perturbation');
  });

  it('never takes gold in another dress', () => {
    const siblings = ['20', '$20.00', '40/2', '\\boxed{20}', '20%', '2000%', '\\frac{20}{1}', '20 apples'];
    expect(choose({ siblings, finalAnswer: '20.' }).every(({ origin }) => origin === 'perturbation')).toBe(
      true,
    );
    expect(
      choose({ gold: '50%', siblings: ['0.5', '1/2', '50'] }).some(({ origin }) => origin === 'sibling'),
    ).toBe(false);
  });

  it('gives the other options of a multiple-choice question and nothing that is no option', () => {
    const question = 'Who has the ball?\nOptions:\n(A) Ann\n(B) Bob\n(C) Cy';
    const of = (gold: string, sources: Partial<NegativeSources> = {}) =>
      shown({ question, gold, ...sources }).sort();
    expect(of('(B)')).toEqual(['option (A)', 'option (C)']);
    expect(of('B')).toEqual(['option A', 'option C']);
    expect(of('(B)', { finalAnswer: 'C', siblings: ['17', '(B) Bob', 'Bob'] })).toEqual([
      'option (A)',
      'sibling (C)',
    ]);
    expect(of('(B)', { siblings: ['Ann'] })).toEqual(['option (C)', 'sibling (A)']);
    expect(of('(B)', { steps: ['x = 3'] })).toEqual(['option (A)', 'option (C)']);
    expect(of('Bob')).toEqual(['option Ann', 'option Cy']);
  });

  it('keeps recorded origins', () => {
    const recorded = [
      { text: '21', origin: 'sampled' as const },
      { text: '22', origin: 'intermediate' as const },
      { text: '23', origin: 'sibling' as const },
    ];
    expect(shown({ recorded }, 3)).toEqual(['sibling 23', 'intermediate 22', 'sampled 21']);
  });

  it('prints like gold and leaves out what is too long', () => {
    expect(choose({ gold: '1,200', siblings: ['$1,400'] })[0]?.text).toBe('1400');
    expect(choose({ siblings: ['x'.repeat(33), '', '$', ' '] }).every(({ text }) => text.length <= 32)).toBe(
      true,
    );
    const gold = 'amherst befogging birgit coral donald geese';
    const sibling = 'befogging amherst birgit coral donald geese';
    expect(choose({ gold, siblings: [sibling, 'y'.repeat(201)] }, 1)).toEqual([
      { text: sibling, origin: 'sibling' },
    ]);
  });

  it('finds none for an answer in free words, and none where none is asked for', () => {
    expect(choose({ gold: 'Marion, South Australia' })).toEqual([]);
    expect(choose({}, 0)).toEqual([]);
  });

  it('fills up from gold when there is nothing else', () => {
    for (const gold of ['1', '0', '-7', '2.5', '3/4', '\\frac12', '49\\pi', '(8,4,2)', '1200000']) {
      const chosen = choose({ gold });
      expect(chosen).toHaveLength(4);
      expect(chosen.every(({ origin }) => origin === 'perturbation')).toBe(true);
    }
  });

  const answer = fc.oneof(
    fc.integer({ min: -50, max: 50 }).map(String),
    fc
      .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .map(([a, b]) => `\\frac{${a}}{${b}}`),
    fc.double({ noNaN: true, min: -10, max: 10 }).map((x) => x.toFixed(2)),
    fc.constantFrom('(A)', 'B', 'yes', '50%', '\\pi', '1, 2', '(1,2)', '2\\sqrt{3}', 'x+1'),
    fc.string(),
  );
  const sources = fc.record({
    question: fc.constantFrom(
      'How many?',
      'Who?\n(A) Ann\n(B) Bob\n(C) Cy',
      'Is it so?\nOptions:\n- yes\n- no',
    ),
    steps: fc.array(
      answer.map((text) => `so 1 + 1 = ${text}.`),
      { maxLength: 4 },
    ),
    gold: answer,
    recorded: fc.array(fc.record({ text: answer, origin: fc.constantFrom(...RANK) }), { maxLength: 4 }),
    siblings: fc.array(answer, { maxLength: 6 }),
    finalAnswer: answer,
  });

  it('gives different wrong answers in the order of preference, the same every time', () => {
    fc.assert(
      fc.property(sources, fc.integer({ min: 0, max: 8 }), fc.integer(), (from, count, seed) => {
        const chosen = chooseNegatives(from, { count, seed });
        expect(chosen.length).toBeLessThanOrEqual(count);
        expect(new Set(chosen.map(({ text }) => answerKey(text))).size).toBe(chosen.length);
        const ranks = chosen.map(({ origin }) => RANK.indexOf(origin));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const { text } of chosen) {
          expect(answersEqual(text, from.gold)).toBe(false);
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThanOrEqual(from.gold.length > 32 ? 200 : 32);
        }
        expect(chooseNegatives(from, { count, seed })).toEqual(chosen);
        const turned = {
          ...from,
          siblings: [...from.siblings].reverse(),
          recorded: [...from.recorded].reverse(),
        };
        expect(chooseNegatives(turned, { count, seed })).toEqual(chosen);
      }),
      { numRuns: 500 },
    );
  });

  it('lets the seed choose among equals', () => {
    const siblings = Array.from({ length: 12 }, (_, i) => String(100 + i));
    const picks = new Set(Array.from({ length: 40 }, (_, seed) => choose({ siblings }, 1, seed)[0]?.text));
    expect(picks.size).toBeGreaterThan(6);
  });
});

const dev = resolve(__dirname, '../../../../shared/data/bench/dev.jsonl');
if (!existsSync(dev)) console.info('dev.jsonl is not there: negatives of real traces are skipped');

describe.skipIf(!existsSync(dev))('chooseNegatives on real traces', () => {
  it('finds four wherever the question has so many answers', () => {
    const rows = readFileSync(dev, 'utf8')
      .trim()
      .split('\n')
      .map(
        (
          line,
        ): {
          id: string;
          task: string;
          question: string;
          steps: string[];
          answer: string;
          negatives: string[];
        } => JSON.parse(line),
      );
    const few: string[] = [];
    for (const { task, question, steps, answer: gold, negatives } of rows) {
      const origin = readOptionsCount(question) > 0 ? 'option' : 'sibling';
      const recorded = negatives.map((text) => ({ text, origin }) as const);
      const chosen = chooseNegatives(
        { question, steps, gold, recorded, siblings: [] },
        { count: 4, seed: 0 },
      );
      if (chosen.length < Math.min(4, (readOptionsCount(question) || 5) - 1)) few.push(`${task} ${gold}`);
    }
    expect(few).toEqual(['math \\text{neither}', 'math p - q']);
  });
});

const readOptionsCount = (question: string) => question.match(/^\([A-Z]\) /gmu)?.length ?? 0;
