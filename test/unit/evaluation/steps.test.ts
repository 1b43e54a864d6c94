import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baselineScores,
  type EvaluatedTrajectory,
  labelledSteps,
  quantileStrata,
  selectUsable,
  stepAuc,
  stratifiedAuc,
} from '../../../src/evaluation';

const trace = (rewards: readonly number[], firstError: number, more: Partial<EvaluatedTrajectory> = {}) => ({
  id: 'x',
  task: 't',
  rewards,
  firstError,
  ...more,
});

describe('labelledSteps', () => {
  const traces = [trace([1, 2, 3, 4], 1), trace([5, 6], -1), trace([7, 8], 1), trace([9], 0)];
  const short = (withLast: boolean) =>
    labelledSteps(traces, withLast).map(({ trajectory, step, reward, correct }) => [
      trajectory,
      step,
      reward,
      correct,
    ]);

  it('end with the first error', () => {
    expect(short(true)).toEqual([
      [0, 0, 1, true],
      [0, 1, 2, false],
      [1, 0, 5, true],
      [1, 1, 6, true],
      [2, 0, 7, true],
      [2, 1, 8, false],
      [3, 0, 9, false],
    ]);
  });

  it('leave out the last step of each trace, wrong or not', () => {
    expect(short(false)).toEqual([
      [0, 0, 1, true],
      [0, 1, 2, false],
      [1, 0, 5, true],
      [2, 0, 7, true],
    ]);
  });
});

describe('selectUsable', () => {
  it('names the reason for each that is left out', () => {
    const good = trace([1, 2], 1);
    const { usable, leftOut } = selectUsable([
      good,
      trace([], -1),
      trace([1, Number.NaN], -1),
      trace([1, 2], 2),
      trace([1, 2], 0.5),
      trace([1, 2], 0, { stepTexts: ['a'] }),
    ]);
    expect(usable).toEqual([good]);
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      'it has no steps',
      'the reward of step 1 is not a finite number',
      'its first error is 2, but it has 2 steps',
      'its first error is 0.5, but it has 2 steps',
      'it has 2 rewards for 1 steps',
    ]);
  });
});

describe('quantileStrata', () => {
  it('are of equal size and never part equal values', () => {
    expect(quantileStrata([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(quantileStrata([5, 5, 5, 5])).toEqual([0, 0, 0, 0]);
    expect(quantileStrata([3, 1, 2], 3)).toEqual([2, 0, 1]);
    expect(quantileStrata([])).toEqual([]);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 })),
        fc.integer({ min: 1, max: 6 }),
        (values, count) => {
          const strata = quantileStrata(values, count);
          for (const [i, a] of values.entries()) {
            for (const [k, b] of values.entries()) {
              if (a === b) expect(strata[i]).toBe(strata[k]);
              if (a < b) expect(strata[i]).toBeLessThanOrEqual(strata[k] ?? 0);
            }
          }
          for (const stratum of strata) expect(stratum >= 0 && stratum < count).toBe(true);
        },
      ),
    );
  });
});

describe('stratifiedAuc', () => {
  // Stratum 0: correct 3, wrong 1 → 1 of 1 won. Stratum 1: correct 0 and 5, wrong 4 → 1 of 2 won.
  const traces = [trace([3, 1], 1), trace([0, 5, 4], 2)];
  const steps = labelledSteps(traces, true);
  const scores = steps.map(({ reward }) => reward);

  it('compares within strata and pools by pairs', () => {
    const { pooled, strata } = stratifiedAuc(steps, scores, [0, 0, 1, 1, 1], 2);
    expect(pooled).toMatchObject({ value: 2 / 3, correctSteps: 3, wrongSteps: 2 });
    expect(strata).toEqual([
      { value: 1, correctSteps: 1, wrongSteps: 1 },
      { value: 0.5, correctSteps: 2, wrongSteps: 1 },
    ]);
  });

  it('is the plain AUC where there is one stratum, and null where no stratum has both classes', () => {
    // 3>1, 3<4, 0<1, 0<4, 5>1, 5>4: three of six.
    expect(stepAuc(steps, scores, 2).value).toBe(0.5);
    expect(stratifiedAuc(steps, scores, [7, 7, 7, 7, 7], 2).pooled.value).toBe(0.5);
    expect(stratifiedAuc(steps, scores, [0, 1, 0, 0, 1], 2).pooled.value).toBeNull();
    expect(stepAuc([], [], 0)).toEqual({
      value: null,
      low: null,
      high: null,
      correctSteps: 0,
      wrongSteps: 0,
    });
  });

  it('removes what the strata explain: a score that is the length alone tells nothing within equal lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -1, max: 3 })), { minLength: 2 }),
        (made) => {
          const some = made.map(([length, error]) => trace(new Array<number>(4).fill(-length), error));
          const known = labelledSteps(some, true);
          const length = known.map(({ reward }) => -reward);
          const { value } = stratifiedAuc(
            known,
            known.map(({ reward }) => reward),
            length,
            some.length,
            {
              resamples: 0,
              seed: 0,
            },
          ).pooled;
          expect(value === null || value === 0.5).toBe(true);
        },
      ),
    );
  });
});

describe('baselineScores', () => {
  const traces = [
    trace([0, 0, 0], 2, {
      question: 'Ann has 3 boxes of 1,200 pens.',
      stepTexts: ['3 boxes', '3 * 1200 = 3600', '3600 / 4 = 900, so 900.'],
      goldAnswer: '3,600',
      arrives: true,
    }),
  ];
  const steps = labelledSteps(traces, true);
  const of = (name: Parameters<typeof baselineScores>[2]) => baselineScores(traces, steps, name);

  it('are what can be counted', () => {
    expect(of('being short')).toEqual([-7, -15, -23]);
    expect(of('bringing few new numbers')).toEqual([-0, -1, -2]);
    expect(of('standing early')).toEqual([-0, -1, -2]);
    expect(of('holding the gold answer')).toEqual([0, 1, 1]);
    expect(of('in a trace that arrives at the gold answer')).toEqual([1, 1, 1]);
  });

  it('find the answer as a whole only', () => {
    const holds = (text: string, goldAnswer: string) =>
      baselineScores(
        [trace([0], -1, { stepTexts: [text], goldAnswer })],
        labelledSteps([trace([0], -1)], true),
        'holding the gold answer',
      );
    expect(holds('it is 12.', '12')).toEqual([1]);
    expect(holds('it is 12.5', '12')).toEqual([0]);
    expect(holds('it is 3.12', '12')).toEqual([0]);
    expect(holds('it is 112', '12')).toEqual([0]);
    expect(holds('112 or 12', '12')).toEqual([1]);
    expect(holds('So (B)', '(B)')).toEqual([1]);
    expect(holds('YES indeed', 'yes')).toEqual([1]);
    expect(holds('yesterday', 'yes')).toEqual([0]);
    expect(holds('anything', '')).toEqual([0]);
  });

  it('are undefined where their source is missing', () => {
    const plain = [trace([0, 0], -1)];
    const known = labelledSteps(plain, true);
    expect(baselineScores(plain, known, 'being short')).toBeUndefined();
    expect(baselineScores(plain, known, 'bringing few new numbers')).toBeUndefined();
    expect(baselineScores(plain, known, 'holding the gold answer')).toBeUndefined();
    expect(baselineScores(plain, known, 'in a trace that arrives at the gold answer')).toBeUndefined();
    expect(baselineScores(plain, known, 'standing early')).toEqual([-0, -1]);
    const measured = [trace([0, 0], -1, { stepLengths: [4, 9] })];
    expect(baselineScores(measured, known, 'being short')).toEqual([-4, -9]);
  });
});
