import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EvaluatedTrajectory, evaluateRewards } from '../../../src/evaluation';

const quick = { resamples: 50, seed: 0 };

describe('evaluateRewards', () => {
  const trace = (task: string, rewards: readonly number[], firstError: number): EvaluatedTrajectory => ({
    id: `${task}-${rewards.join()}`,
    task,
    rewards,
    firstError,
  });
  const traces = [
    trace('sums', [2, 1, -1, 5], 2),
    trace('sums', [3, 2], -1),
    trace('__proto__', [0, 4], 0),
    trace('broken', [], -1),
  ];

  it('gives all measures overall and by task', () => {
    const result = evaluateRewards(traces, { bootstrap: quick, threshold: 0 });
    // Correct 2 1 3 2, wrong -1 0: all eight pairs won.
    expect(result.overall.allSteps.auc).toMatchObject({ value: 1, correctSteps: 4, wrongSteps: 2 });
    // Without last steps: correct 2 1 3, wrong -1 0.
    expect(result.overall.withoutLast.auc).toMatchObject({ value: 1, correctSteps: 3, wrongSteps: 2 });
    expect(result.byTask.map(({ task, trajectories }) => [task, trajectories])).toEqual([
      ['sums', 2],
      ['__proto__', 1],
    ]);
    expect(result.byTask[1]?.allSteps.auc.value).toBeNull();
    // The error with reward 0 is not under the threshold 0.
    expect(result.overall.processBench).toMatchObject({ faultyAccuracy: 0.5, errorFreeAccuracy: 1 });
    expect(result.leftOut).toEqual([{ id: 'broken-', reason: 'it has no steps' }]);
    expect(result.overall.allSteps.lengthStratified).toBeNull();
    expect(result.overall.allSteps.baselines.find(({ name }) => name === 'being short')?.auc).toBeNull();
    expect(result.overall.allSteps.added).toBeNull();
  });

  it('tunes the threshold on the traces given for it', () => {
    const tuned = evaluateRewards(traces, { bootstrap: quick, tuneOn: traces });
    expect(tuned.tunedF1).toBe(1);
    expect(tuned.threshold).toBeGreaterThan(0);
    expect(tuned.overall.processBench?.f1.value).toBe(1);
    expect(evaluateRewards(traces, { bootstrap: quick }).overall.processBench).toBeNull();
    expect(evaluateRewards(traces, { bootstrap: quick, tuneOn: [] }).threshold).toBeNull();
  });

  it('is defined and free of NaN for nothing at all', () => {
    const result = evaluateRewards([], { bootstrap: quick, threshold: 0 });
    expect(result.overall.allSteps.auc.value).toBeNull();
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});

const dev = resolve(__dirname, '../../../../shared/data/bench/dev.jsonl');
if (!existsSync(dev)) console.info('dev.jsonl is not there: the baselines of real traces are skipped');

describe.skipIf(!existsSync(dev))('the baselines on real traces', () => {
  interface Row {
    id: string;
    task: string;
    question: string;
    steps: string[];
    answer: string;
    first_error: number;
  }

  it('are those measured before', () => {
    const rows = readFileSync(dev, 'utf8')
      .trim()
      .split('\n')
      .map((line): Row => JSON.parse(line));
    const traces = rows.map(({ id, task, question, steps, answer, first_error }) => ({
      id,
      task: ['gsm8k', 'math'].includes(task) ? task : 'logic',
      question,
      goldAnswer: answer,
      firstError: first_error,
      stepTexts: steps,
      rewards: steps.map(() => 0),
    }));
    const { byTask } = evaluateRewards(traces, { bootstrap: { resamples: 0, seed: 0 } });
    const measured = new Map(
      byTask.map(({ task, withoutLast }) => [task, withoutLast.baselines.map(({ auc }) => auc?.value ?? 0)]),
    );
    // Being short, few new numbers, early, holding the answer; the last counts answers a little differently.
    const known = {
      gsm8k: [0.73, 0.68, 0.49, 0.51],
      math: [0.66, 0.56, 0.52, 0.54],
      logic: [0.49, 0.48, 0.72, 0.5],
    };
    for (const [task, values] of Object.entries(known)) {
      for (const [i, value] of values.entries()) {
        expect(Math.abs((measured.get(task)?.[i] ?? 0) - value)).toBeLessThan(0.016);
      }
    }
  });
});
