import { describe, expect, it } from 'vitest';
import type { Kept } from '../../../scripts/evaluate/likelihoods/kept';
import { stepBlock } from '../../../scripts/evaluate/likelihoods/step-blocks';
import { CANDIDATES, LEARNED_FROM } from '../../../scripts/evaluate/search/candidates';
import { combined, each, residual, withinTrace } from '../../../scripts/evaluate/search/scores';
import type { Subject } from '../../../scripts/evaluate/subjects';
import type { Text } from '../../../src/likelihood/likelihood-model';

/** A trace of two steps whose last one ends in the answer sentence. */
const SUBJECT = {
  id: 'eggs',
  task: 'gsm8k',
  firstError: 1,
  gold: '9',
  negatives: [
    { text: '8', origin: 'sibling' },
    { text: '10', origin: 'perturbation' },
  ],
  siblings: [],
  trajectory: {
    question: { text: 'How many?' },
    steps: [{ text: '16 - 7\n\nis  9.' }, { text: 'So it is 8. The answer is: 8' }],
  },
} as unknown as Subject;

/** ℓ per token by context: the question, after step 1, after step 2. Each target has two tokens. */
const LIKELIHOODS = [
  [-3, -3, -4],
  [-1, -2, -4],
  [-2, -1, -3],
];
const WORDS = { none: -2, gold: -1, '{"negative":0}': -1.5, '{"negative":1}': -2.5 };

const KEPT = {
  block: () => ({
    plan: {
      answers: 3,
      contexts: 3,
      templates: 1,
      steps: [
        { before: 0, after: 1 },
        { before: 1, after: 2 },
      ],
    },
    likelihoods: LIKELIHOODS.flat().map((perToken) => ({ logProb: 2 * perToken, tokens: 2, cut: 0 })),
  }),
  words(subject: Subject, hint: Parameters<typeof stepBlock>[1]) {
    const block = stepBlock(subject, hint);
    const value = WORDS[(typeof hint === 'string' ? hint : JSON.stringify(hint)) as keyof typeof WORDS];
    return (
      block && { ...block, likelihoods: block.requests.map(() => ({ logProb: value, tokens: 1, cut: 0 })) }
    );
  },
} as unknown as Kept;

function scoresOf(name: string): (number | undefined)[] {
  const candidate = CANDIDATES.find((one) => one.name === name);
  if (!candidate) throw new Error(`there is no candidate ${name}`);
  return (candidate.of([SUBJECT], KEPT)[0] ?? []).map((score) => Number(score.toFixed(6)));
}

const flat = (text: Text): string => (text.before ? flat(text.before) : '') + text.piece;

describe('candidates', () => {
  it('contrast gold with the wrong answers as their names say', () => {
    expect(scoresOf('incremental: gain over the wrong answer that gains most')).toEqual([1, -2]);
    expect(scoresOf('incremental: lead over the likeliest wrong answer')).toEqual([1, -2]);
    expect(scoresOf('incremental: level after the step')).toEqual([2, 0]);
    const share = ([gold = 0, ...rest]: number[]) =>
      Math.exp(2 * gold) / [gold, ...rest].reduce((sum, value) => sum + Math.exp(2 * value), 0);
    const [start, middle, end] = LIKELIHOODS.map(share) as [number, number, number];
    expect(scoresOf('incremental: share of gold among the answers')).toEqual(
      [middle - start, end - middle].map((score) => Number(score.toFixed(6))),
    );
  });

  it('follow the belief after a step', () => {
    // Leads over the mean wrong answer: 0.5, 2, 0.
    expect(scoresOf('incremental: mean of all that follows, less before')).toEqual([0.5, -2]);
    expect(scoresOf('incremental: end of the trace, less before')).toEqual([-0.5, -2]);
    expect(scoresOf('default: lasting')).toEqual([1.5, -2]);
    expect(scoresOf('incremental: level after the step, less that of the question')).toEqual([1.5, -0.5]);
  });

  it('look at the words of the steps', () => {
    expect(scoresOf('words: likelihood (all, mean)')).toEqual([-2, -2]);
    expect(scoresOf('words: likelihood (numbers, sum)')).toEqual([-6, -2]);
    expect(scoresOf('words: gold hint against none (all, mean)')).toEqual([1, 1]);
    expect(scoresOf('words: gold hint against wrong hints (numbers, lowest)')).toEqual([1, 1]);
  });

  it('have names of their own, and those that are learned from are among them', () => {
    const names = CANDIDATES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of LEARNED_FROM) expect(names).toContain(name);
  });
});

describe('words of a step', () => {
  it('make up its text, without the answer sentence at the end', () => {
    const block = stepBlock(SUBJECT, 'gold');
    expect(block?.steps.map(({ words }) => words.join('|'))).toEqual([
      '\n16| -| 7|\nis| 9.',
      '\nSo| it| is| 8.',
    ]);
    const last = block?.requests.at(-1);
    expect(last && flat(last.context) + last.target).toMatch(
      /How many\?\n\nHint: the answer is 9\.\n\n16 - 7\n\nis {2}9\.\n\nSo it is 8\.$/,
    );
    expect(stepBlock(SUBJECT, { negative: 2 })).toBeUndefined();
  });
});

describe('putting scores together', () => {
  const fixed =
    (...scores: number[][]) =>
    () =>
      scores;
  const two = [SUBJECT, SUBJECT];

  it('standardises each part over all steps', () => {
    const sum = combined([fixed([0, 10], [20, 30]), fixed([3, 2], [1, 0])])(two, KEPT);
    const [first = [], second = []] = sum as number[][];
    for (const score of [...first, ...second]) expect(score).toBeCloseTo(0);
  });

  it('compares within the trace', () => {
    expect(withinTrace(fixed([5, 7]), 'centred')([SUBJECT], KEPT)).toEqual([[-1, 1]]);
    expect(withinTrace(fixed([5, 7]), 'rank')([SUBJECT], KEPT)).toEqual([[0, 1]]);
  });

  it('takes away what a quantity explains', () => {
    const line = residual(fixed([1, 3], [5, 7]), (subject) => (subject === two[0] ? [0, 1] : [2, 3]))(
      [two[0] as Subject, { ...SUBJECT } as Subject],
      KEPT,
    );
    for (const score of (line as number[][]).flat()) expect(score).toBeCloseTo(4);
    expect(each(() => undefined)([SUBJECT], KEPT)).toEqual([undefined]);
  });
});
