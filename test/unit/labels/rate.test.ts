import { describe, expect, it } from 'vitest';
import { Rate } from '../../../src/labels/run/rate';

describe('the rate of a run', () => {
  it('counts what was scored in this run, and expects the rest at its pace', () => {
    let now = 1_000;
    const rate = new Rate({ traces: 4, characters: 1_000 }, () => now);
    expect(rate.progress).toEqual({ done: 0, total: 4, resumed: 0 });
    rate.add({ characters: 400, steps: 4, tokens: 0, free: true }, true);
    expect(rate.progress).toEqual({ done: 1, total: 4, resumed: 1 });
    now += 2_000;
    rate.add({ characters: 200, steps: 3, tokens: 500, free: false });
    expect(rate.progress).toEqual({
      ...{ done: 2, total: 4, resumed: 1 },
      ...{ stepsPerSecond: 1.5, tokensPerSecond: 250, secondsLeft: 4 },
    });
    rate.add({ characters: 300, steps: 9, tokens: 0, free: true });
    expect(rate.progress.secondsLeft).toBe(1);
  });

  it('never has less than nothing left, nor a total under what is done', () => {
    let now = 0;
    const rate = new Rate({ traces: 0, characters: 0 }, () => now);
    now = 1_000;
    expect(rate.add({ characters: 5, steps: 1, tokens: 1, free: false })).toMatchObject({
      ...{ done: 1, total: 1, secondsLeft: 0 },
    });
  });
});
