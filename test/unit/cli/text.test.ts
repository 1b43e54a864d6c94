import { describe, expect, it } from 'vitest';
import { interval } from '../../../src/cli/evaluation/report';
import { duration, rates } from '../../../src/cli/label-progress';
import { table } from '../../../src/cli/table';

describe('what the command prints', () => {
  it('says durations as people do', () => {
    const said = [0.4, 59, 61, 3_599, 3_600, 7_500, 86_400, 187_200].map(duration);
    expect(said).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '1 h 0 min',
      '1 h 0 min',
      '2 h 5 min',
      '1 d 0 h',
      '2 d 4 h',
    ]);
  });

  it('says rates once they are known', () => {
    expect(rates({ done: 0, total: 5, resumed: 0 })).toBe('starting');
    const known = { stepsPerSecond: 3.21, tokensPerSecond: 410.4, secondsLeft: 720 };
    expect(rates({ done: 1, total: 5, resumed: 0, ...known })).toBe(
      '3.2 steps/s · 410 tokens/s · 12 min left',
    );
  });

  it('aligns columns, the first to the left', () => {
    expect(table([['a', '1'], [], ['long', '\x1b[1m22\x1b[0m']], '  ')).toBe(
      '  a      1\n\n  long  \x1b[1m22\x1b[0m\n',
    );
  });

  it('shows an interval where there is one', () => {
    expect(interval({ value: 0.61, low: 0.5, high: 0.7 })).toBe('0.610 [0.500, 0.700]');
    expect(interval({ value: 0.02, low: -0.01, high: 0.05 }, true)).toBe('+0.020 [-0.010, +0.050]');
    expect(interval({ value: 0.5, low: null, high: null })).toBe('0.500');
    expect([interval(null), interval({ value: null, low: null, high: null })]).toEqual(['–', '–']);
  });
});
