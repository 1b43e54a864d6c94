import { describe, expect, it } from 'vitest';
import { intoPage } from '../../../scripts/evaluate/docs';
import { crossValidatedF1, lowestByChance, lowestStep } from '../../../scripts/evaluate/measures/first-error';
import { markedBelow } from '../../../scripts/evaluate/measures/marked';
import { aucByGroup, difference } from '../../../scripts/evaluate/measures/measure';
import { costPlot } from '../../../scripts/evaluate/plots/cost';
import { calibrationError, reliability } from '../../../scripts/evaluate/plots/reliability';
import { rocPoints } from '../../../scripts/evaluate/plots/roc';
import { splitHalf } from '../../../scripts/evaluate/search/split-half';
import { markdown } from '../../../scripts/evaluate/tables/markdown';
import { seededRandom } from '../../../src/cpmi/negatives/random';
import { type EvaluatedTrajectory, labelledSteps, rocAuc } from '../../../src/evaluation';
import { rankScores } from '../../../src/evaluation/auc';
import { foldsOf } from '../../../src/evaluation/folds';

const trace = (
  id: string,
  rewards: readonly number[],
  firstError: number,
  task = 'gsm8k',
): EvaluatedTrajectory => ({
  id,
  task,
  rewards,
  firstError,
  stepTexts: rewards.map((_, i) => `step ${i}`),
});

/** Traces of four steps whose first error, if any, has a reward that is `signal` lower; half of them are faulty. */
function made(count: number, signal: number, seed: number): EvaluatedTrajectory[] {
  const random = seededRandom(seed, 'made');
  return Array.from({ length: count }, (_, i) => {
    const firstError = i % 2 === 0 ? -1 : random.whole(3);
    const rewards = [0, 1, 2, 3].map(
      (step) => random.whole(1000) / 1000 - (step === firstError ? signal : 0),
    );
    return trace(`t${i}`, rewards, firstError);
  });
}

describe('first errors', () => {
  it('are found by the lowest step, and by chance as often as there are steps', () => {
    const traces = [trace('a', [1, -1, 0], 1), trace('b', [0, 1], 1), trace('c', [0, 1], -1)];
    expect(lowestStep(traces).value).toBe(0.5);
    expect(lowestByChance(traces)).toBeCloseTo((1 / 3 + 1 / 2) / 2);
  });

  it('have a threshold that was not tuned on the same traces', () => {
    const clear = crossValidatedF1(made(60, 5, 1));
    expect(clear?.f1.value).toBe(1);
    expect(clear?.thresholds).toHaveLength(5);
    const noise = crossValidatedF1(made(60, 0, 1));
    expect(noise?.f1.value).toBeLessThan(0.7);
    expect(crossValidatedF1([trace('a', [1], -1), trace('b', [1], -1)])).toBeUndefined();
  });

  it('are marked where they are under a threshold, as other steps are', () => {
    const traces = [
      trace('found', [0, -1, -1], 1),
      trace('missed', [-1, 0, 0], 1),
      trace('clean', [0, -0.1], -1),
      trace('one mark', [0, 0, -0.2], -1),
    ];
    expect(markedBelow(-0.1, traces)).toEqual({
      firstErrors: 1 / 2,
      rightSteps: 2 / 7,
      errorFreeTraces: 1 / 2,
    });
    expect(markedBelow(-0.1, [])).toEqual({ firstErrors: null, rightSteps: null, errorFreeTraces: null });
  });

  it('are judged in folds of like size', () => {
    const folds = foldsOf(103, 5);
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((f) => f === fold).length);
    expect(sizes.sort()).toEqual([20, 20, 21, 21, 21]);
  });
});

describe('comparisons', () => {
  it('are of the same traces', () => {
    const [good, bad] = [made(60, 5, 2), made(60, 0, 2)];
    expect(difference(good, good)).toEqual({ value: 0, low: 0, high: 0 });
    expect(difference(good, bad).low).toBeGreaterThan(0.2);
  });

  it('by group pair steps of one task only', () => {
    const traces = [
      trace('a', [5, 4, 9], 1, 'word_sorting'),
      trace('b', [1, 0, 9], 1, 'logical_deduction'),
      trace('c', [0, 1, 9], 1, 'math'),
    ];
    const steps = labelledSteps(traces, false);
    const groups = aucByGroup(
      traces,
      steps,
      steps.map(({ reward }) => reward),
    );
    expect([...groups].map(([name, { value }]) => [name, value])).toEqual([
      ['logic tasks', 1],
      ['MATH', 0],
    ]);
  });
});

describe('choosing the best of many', () => {
  it('gains nothing where all are noise, though the best looks better', () => {
    const contestants = Array.from({ length: 40 }, (_, i) => {
      const random = seededRandom(i, 'noise');
      const traces = made(80, 0, 7).map((one) => ({
        ...one,
        rewards: one.rewards.map(() => random.whole(1e6)),
      }));
      return { name: `noise ${i}`, traces };
    });
    const { gain, chosen } = splitHalf(contestants, 100);
    expect(Math.abs(gain.value ?? 1)).toBeLessThan(0.08);
    expect(chosen.value).toBeLessThan(0.58);
  });

  it('finds what is better', () => {
    const contestants = [
      { name: 'noise', traces: made(80, 0, 7) },
      { name: 'signal', traces: made(80, 1, 7) },
    ];
    const { gain, picks } = splitHalf(contestants, 50);
    expect(picks).toEqual([{ name: 'signal', share: 1 }]);
    expect(gain.low).toBeGreaterThan(0.2);
  });
});

describe('plots', () => {
  it('have under the ROC curve what the AUC is', () => {
    const scores = [3, 1, 4, 1, 5, 9, 2, 6];
    const correct = [true, false, true, true, false, true, false, true];
    const points = rocPoints(rankScores(scores, correct));
    let area = 0;
    for (const [i, [x, y]] of points.entries()) {
      const [beforeX, beforeY] = points[i - 1] ?? [0, 0];
      area += ((x - beforeX) * (y + beforeY)) / 2;
    }
    expect(area).toBeCloseTo(rocAuc(scores, correct) ?? Number.NaN);
  });

  it('tell calibrated probabilities from others', () => {
    const said = Array.from({ length: 1000 }, (_, i) => i / 1000);
    const correct = said.map((p, i) => ((i * 7919) % 1000) / 1000 < p);
    expect(calibrationError(reliability(said, correct))).toBeLessThan(0.03);
    expect(
      calibrationError(
        reliability(
          said,
          correct.map((right) => !right),
        ),
      ),
    ).toBeGreaterThan(0.3);
  });
});

describe('the page', () => {
  it('takes the tables that it names and keeps everything else', () => {
    const table = {
      name: 'numbers',
      title: 'Numbers',
      rows: [
        ['a | b', 'n'],
        ['x', '1'],
      ],
    };
    const page =
      '# Page\n\n<!-- dev: numbers -->\nold\n<!-- end -->\n\ntext\n\n<!-- dev: other -->\nkept\n<!-- end -->\n';
    const written = intoPage(page, 'dev', [table], {});
    expect(written).toContain(`<!-- dev: numbers -->\n${markdown(table)}<!-- end -->`);
    expect(written).toContain('| a \\| b | n   |');
    expect(written).toContain('<!-- dev: other -->\nkept\n<!-- end -->');
    expect(intoPage(written, 'dev', [table], {})).toBe(written);
  });
});

describe('the plot of costs', () => {
  it('writes no label over another, however near their points are', () => {
    const auc = { value: 0.6, low: 0.5, high: 0.7 };
    const labels = ['a', 'b', 'c', 'd'].map((name) => `label ${name}`);
    const plot = costPlot(labels.map((label, i) => ({ series: 'lasting', label, positions: 1000 + i, auc })));
    const heights = labels.map((label) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${label}<`).exec(plot)?.[1]));
    heights.sort((a, b) => a - b);
    const gaps = heights.slice(1).map((y, i) => y - (heights[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(11.9);
  });
});
