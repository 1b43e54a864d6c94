import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Estimator } from '../../../src/cpmi/settings';
import { aheadMessage, lastAhead, lowStepMessage } from '../../../src/editor/faces/low-step-text';
import { rewardText } from '../../../src/editor/faces/reward-text';
import { EVERYTHING, isEverything, passes } from '../../../src/editor/faces/trace-tree';
import { progressText } from '../../../src/editor/labelling/progress-text';
import {
  BANDS,
  bandOf,
  formatReward,
  formatShare,
  label,
  lowSteps,
  oneLine,
} from '../../../src/editor/present';
import { stepJson } from '../../../src/editor/step-json';
import { scoredWith, traceOf } from './traces';

const EDGES = [-0.3, -0.1, 0.1, 0.3] as const;

describe('bands', () => {
  it('hold their lower edge and not their upper one', () => {
    const rewards = [-9, -0.31, -0.3, -0.11, -0.1, 0, 0.09, 0.1, 0.29, 0.3, 9];
    expect(rewards.map((reward) => bandOf(reward, EDGES))).toEqual([
      ...['strongLoss', 'strongLoss', 'loss', 'loss', 'neutral', 'neutral', 'neutral'],
      ...['gain', 'gain', 'strongGain', 'strongGain'],
    ]);
  });

  it('never fall as the reward rises', () => {
    const reward = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(reward, reward, (a, b) => {
        const rank = (value: number) => BANDS.indexOf(bandOf(value, EDGES));
        expect(rank(Math.min(a, b))).toBeLessThanOrEqual(rank(Math.max(a, b)));
      }),
    );
  });
});

describe('texts', () => {
  it('write rewards and shares in one way', () => {
    expect([0.424, -0.1, 0, -0.004].map(formatReward)).toEqual(['+0.42', '−0.10', '0.00', '0.00']);
    expect([0, 0.0004, 0.004, 0.421, 1].map(formatShare)).toEqual([
      '0 %',
      '<0.1 %',
      '0.4 %',
      '42 %',
      '100 %',
    ]);
  });

  it('say after a step what colour alone must not say', () => {
    expect(rewardText({ reward: 0.42, low: false, stale: false })).toBe('+0.42');
    expect(rewardText({ reward: -0.42, low: true, stale: false })).toBe('−0.42 ▼');
    expect(rewardText({ reward: -0.42, low: true, stale: true })).toBe('−0.42 (outdated)');
    expect(rewardText({ reward: -0.42, low: true, stale: false, human: 'correct' })).toBe('−0.42 ▼ ✓');
  });

  it('make one line of anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, length) => {
        const line = oneLine(text, length);
        expect([...line].length).toBeLessThanOrEqual(length);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        expect(line).not.toMatch(/[\n\r\u2028\u2029\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
    expect(oneLine('a '.repeat(1_000_000), 10)).toBe('a a a a a…');
    expect(label('x $(error) y')).not.toContain('$(');
  });

  it('say how far labelling is', () => {
    expect(progressText({ done: 0, total: 9, resumed: 0 })).toBe('0 of 9');
    const known = { done: 3, total: 9, resumed: 0, stepsPerSecond: 2.345, secondsLeft: 600 };
    expect(progressText(known)).toBe('3 of 9 · 2.3 steps a second · 10 min left');
  });
});

describe('low steps', () => {
  it('are those under the threshold; outdated rewards do not count', async () => {
    const trace = await traceOf({ steps: ['a', 'b', 'c'] });
    expect(lowSteps(trace, 0)).toEqual([]);
    trace.setScored(scoredWith(trace, [-0.5, 0.2, -0.3]));
    expect(lowSteps(trace, -0.2)).toEqual([0, 2]);
    trace.setStale();
    expect(lowSteps(trace, -0.2)).toEqual([]);
  });

  it('are named as what they are, the first as the first likely error', async () => {
    const trace = await traceOf({ steps: ['a', 'b'], answer: '33' });
    const lasting = scoredWith(trace, [-0.5, -0.4]);
    const scored = { ...lasting, settings: { ...DEFAULT_SETTINGS, estimator: 'marginal' as const } };
    const [first, second] = scored.steps;
    if (!first || !second) throw new Error('two steps are expected');
    expect(lowStepMessage(scored, first, true)).toBe(
      'First likely error: step 1 has the reward −0.50. The gold answer 33 goes from 50 % to 25 % among the answers.',
    );
    expect(lowStepMessage(scored, second, false)).toContain('Step 2 has the low reward −0.40.');
    expect(lowStepMessage({ ...scored, goldSource: 'final' }, first, true)).toContain(
      "The trace's own answer 33",
    );
    expect(lowStepMessage(lasting, first, true)).toContain(
      'From here on the trace never comes as near to the gold answer 33 as it had been.',
    );
  });

  it('point back to the last step after which gold was ahead', () => {
    const step = (after: number) => ({ goldShare: { before: 0, after } });
    const steps = [0.8, 0.6, 0.3, 0.2].map(step) as never;
    const of = (estimator: Estimator) => ({ steps, settings: { ...DEFAULT_SETTINGS, estimator } });
    expect(lastAhead(of('incremental'), 3)).toBe(1);
    expect(lastAhead(of('marginal'), 1)).toBe(0);
    expect(lastAhead(of('incremental'), 0)).toBeUndefined();
    expect(lastAhead(of('leave-one-out'), 3)).toBeUndefined();
    expect(aheadMessage(of('incremental'), 1, 'x')).toBe(
      'Here, at step 2, the gold answer was still ahead: x',
    );
    expect(aheadMessage(of('marginal'), 1, 'x')).toBe('Step 2, taken alone, puts the gold answer ahead: x');
  });
});

describe('outcomes and filters', () => {
  it('compare answers by value, with the gold answer that a person gave first', async () => {
    const trace = await traceOf({ steps: ['The answer is: 0.5'], answer: '\\frac{1}{2}' });
    expect(trace.outcome).toBe('right');
    trace.setGivenGold('3');
    expect(trace.outcome).toBe('wrong');
    expect((await traceOf({ steps: ['The answer is: 0.5'] })).outcome).toBe('unknown');
  });

  it('show what passes', async () => {
    const trace = await traceOf({ steps: ['a', 'The answer is: 3'], answer: '3' });
    const filtered = (filter: Partial<typeof EVERYTHING>) =>
      passes(trace, { ...EVERYTHING, ...filter }, -0.2);
    expect([filtered({}), filtered({ low: true }), filtered({ unscored: true })]).toEqual([
      true,
      false,
      true,
    ]);
    trace.setScored(scoredWith(trace, [-0.5, 0]));
    expect([filtered({ low: true }), filtered({ unscored: true })]).toEqual([true, false]);
    expect([filtered({ outcome: 'right' }), filtered({ outcome: 'wrong' })]).toEqual([true, false]);
    expect([isEverything(EVERYTHING), isEverything({ ...EVERYTHING, low: true })]).toEqual([true, false]);
  });
});

describe('a copied step', () => {
  it('has all that is known, and no outdated reward', async () => {
    const trace = await traceOf({ id: 'x', steps: ['a'], answer: '3' });
    trace.setScored(scoredWith(trace, [-0.5]));
    expect(JSON.parse(stepJson(trace, 0))).toMatchObject({
      id: 'x',
      step: 0,
      text: 'a',
      goldAnswer: '3',
      reward: -0.5,
    });
    trace.setStale();
    expect(JSON.parse(stepJson(trace, 0))).not.toHaveProperty('reward');
  });
});
