import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  labelFile,
  labelStats,
  type StoredStep,
  type StoredTrace,
  statsPage,
  statsTables,
} from '../../../src/labels';
import { Numbers } from '../../../src/labels/numbers';
import { StatsCollector } from '../../../src/labels/stats/collect';
import { AgreementCount } from '../../../src/labels/stats/kappa';
import { histogram, summarise } from '../../../src/labels/stats/summary';
import { escapeHtml, ticks } from '../../../src/labels/stats/svg';
import { storedTraces, text } from './stored-traces';
import { Workplace } from './workplace';

function statsOf(traces: readonly StoredTrace[]) {
  const collector = new StatsCollector();
  for (const trace of traces) collector.add(trace);
  return collector.result;
}

const step = (reward: number, over: Partial<StoredStep> = {}): StoredStep => ({
  ...{ text: 's', reward, goldGain: null, contrastGain: null, softLabel: 0.5 },
  ...{ label: 'correct', labelledBy: 'model', modelLabel: 'correct', ...over },
});
const trace = (steps: readonly StoredStep[], over: Partial<StoredTrace> = {}): StoredTrace => ({
  ...{ line: 1, id: 'a', question: 'q', goldAnswer: '42', goldSource: 'file', finalAnswer: '42' },
  ...{ model: null, estimator: null, steps, ...over },
});

describe("Cohen's kappa", () => {
  /** 20 both yes, 15 both no, 5 and 10 apart: p_o = 0.7, p_e = 0.5 · 0.6 + 0.5 · 0.4 = 0.5, κ = 0.4. */
  it('is what it is by hand', () => {
    const count = new AgreementCount();
    for (let i = 0; i < 20; i++) count.add(true, true);
    for (let i = 0; i < 5; i++) count.add(true, false);
    for (let i = 0; i < 10; i++) count.add(false, true);
    for (let i = 0; i < 15; i++) count.add(false, false);
    expect(count.result).toMatchObject({ steps: 50, modelCorrect: 5, modelIncorrect: 10, observed: 0.7 });
    expect(count.result.kappa).toBeCloseTo(0.4, 12);
  });

  it('is 1 where judges agree, and unknown where there is nothing to tell apart', () => {
    const count = new AgreementCount();
    expect(count.result).toMatchObject({ observed: null, kappa: null });
    count.add(true, true);
    expect(count.result).toMatchObject({ observed: 1, kappa: null });
    count.add(false, false);
    expect(count.result.kappa).toBe(1);
  });

  it('lies between -1 and 1', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean())), (pairs) => {
        const count = new AgreementCount();
        for (const [model, other] of pairs) count.add(model, other);
        const { kappa } = count.result;
        if (kappa !== null) expect(Math.abs(kappa)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('summaries', () => {
  it('are those of the numbers', () => {
    const numbers = new Numbers();
    for (let i = 100; i >= 0; i--) numbers.add(i);
    expect(summarise(numbers)).toEqual({
      count: 101,
      mean: 50,
      p5: 5,
      p25: 25,
      median: 50,
      p75: 75,
      p95: 95,
    });
    expect(summarise(new Numbers())).toMatchObject({ count: 0, mean: null, median: null });
  });

  it('put every number into one bin', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }), (values) => {
        const numbers = new Numbers();
        for (const value of values) numbers.add(value);
        const found = histogram(numbers);
        if (found) expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });
});

describe('statistics of labels', () => {
  it('count steps by their place, the far ones together', () => {
    const stats = statsOf([trace(Array.from({ length: 120 }, (_, i) => step(i))), trace([step(1)])]);
    expect(stats.byPosition.map(({ from, to, rewards }) => [from, to, rewards.count])).toEqual([
      ...Array.from({ length: 10 }, (_, i) => [i + 1, i + 1, i === 0 ? 2 : 1]),
      ...[
        [11, 15, 5],
        [16, 20, 5],
        [21, 30, 10],
        [31, 50, 20],
        [51, 100, 50],
        [101, null, 20],
      ],
    ]);
  });

  it('tell the outcome from the file, else by comparing answers', () => {
    const outcomes = [
      trace([step(1)], { answerCorrect: false }),
      trace([step(2), step(-3)], { goldAnswer: '42.0' }),
      trace([step(3)], { finalAnswer: '41' }),
      trace([step(4)], { goldSource: 'final' }),
      trace([step(5)], { finalAnswer: null }),
    ];
    const { byOutcome } = statsOf(outcomes);
    expect(byOutcome.map(({ outcome, traces }) => [outcome, traces])).toEqual([
      ['right', 1],
      ['wrong', 2],
      ['unknown', 2],
    ]);
    expect(byOutcome[0]).toMatchObject({ rewards: { count: 2, mean: -0.5 }, lowest: { median: -3 } });
  });

  it('compare the model with people, and with the first error of the file', () => {
    const human = { labelledBy: 'human' } as const;
    const steps = [
      step(1, { ...human, label: 'incorrect' }),
      step(1, { ...human, label: 'neutral' }),
      step(-1, { label: 'incorrect', modelLabel: 'incorrect' }),
      step(-1, { ...human, label: 'incorrect', modelLabel: 'incorrect' }),
    ];
    const stats = statsOf([trace(steps, { firstError: 2 })]);
    expect(stats.labels).toEqual({ correct: 0, neutral: 1, incorrect: 3, byHuman: 3 });
    expect(stats.tracesWithIncorrect).toBe(1);
    expect(stats.agreement.human).toMatchObject({ steps: 2, modelCorrect: 1, bothIncorrect: 1 });
    expect(stats.agreement.given).toMatchObject({ steps: 3, bothCorrect: 2, bothIncorrect: 1, kappa: 1 });
  });

  it('name the lowest steps', () => {
    const all = Array.from({ length: 40 }, (_, i) => trace([step(i), step(-i)], { id: `t${i}` }));
    const { lowest } = statsOf(all);
    expect(lowest.map(({ id }) => id)).toEqual([39, 38, 37, 36, 35, 34, 33, 32, 31, 30].map((i) => `t${i}`));
    expect(lowest[0]).toEqual({ id: 't39', step: 2, reward: -39, text: 's' });
  });

  it('have tables with as many cells as their heads', () => {
    fc.assert(
      fc.property(storedTraces, (traces) => {
        for (const { rows } of statsTables(statsOf(traces))) {
          for (const row of rows) expect(row.length).toBe(rows[0]?.length);
        }
      }),
    );
  });
});

describe('the page of statistics', () => {
  const hostile = fc.oneof(
    text,
    fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=y>', '&lt;', '</td>'),
  );
  const ALLOWED = new Set(
    'html head meta title style body h1 h2 p figure figcaption svg text line rect g div table tr th td'.split(
      ' ',
    ),
  );

  it('holds no markup of a trace, whatever is in it', () => {
    fc.assert(
      fc.property(storedTraces, hostile, hostile, (traces, id, words) => {
        const own = traces.map((one) => ({
          ...one,
          id,
          steps: one.steps.map((s) => ({ ...s, text: words })),
        }));
        const page = statsPage(statsOf(own), `/tmp/${id}.cpmi.jsonl`);
        const tags = [...page.matchAll(/<\/?([a-z0-9]+)([^>]*)>/gi)];
        expect(tags.every(([, name = '']) => ALLOWED.has(name))).toBe(true);
        expect(page.match(/<(?![a-z/!])/gi)).toBeNull();
        expect(tags.some(([, , attributes = '']) => /\s(?:on\w+|src|href)=/.test(attributes))).toBe(false);
      }),
    );
  });

  it('needs nothing from outside and runs nothing', () => {
    const page = statsPage(statsOf([trace([step(1), step(-1, { text: 'A & B' })])]), 'x.cpmi.jsonl');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).toContain('A &amp; B');
    expect(page.match(/https?:\/\/[^"\s]*/g)?.every((url) => url === 'http://www.w3.org/2000/svg')).toBe(
      true,
    );
    expect(page).not.toContain('NaN');
  });

  it('closes what it opens', () => {
    const page = statsPage(statsOf([trace([step(1), step(-1)])]), 'x.cpmi.jsonl');
    const open: string[] = [];
    for (const [, close, name = ''] of page.matchAll(/<(\/?)([a-z0-9]+)/g)) {
      if (name === 'meta') continue;
      if (!close) open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('has ticks that lie in the range and rise', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
        (low, width) => {
          const found = ticks(low, low + width);
          expect(found.length).toBeLessThan(20);
          for (const [i, tick] of found.entries()) {
            expect(tick).toBeGreaterThanOrEqual(low - 1e-9 * Math.abs(low) - 1e-12);
            expect(tick).toBeLessThanOrEqual(low + width + 1e-9 * Math.abs(low + width) + 1e-12);
            if (i > 0) expect(tick).toBeGreaterThan(found[i - 1] ?? tick);
          }
        },
      ),
    );
    expect(ticks(1, 1)).toEqual([1]);
  });

  it('shows signs that reorder text as what they are', () => {
    expect(escapeHtml('a\u202eb\u0000<')).toBe('a\ufffdb\ufffd&lt;');
  });
});

describe('labelStats', () => {
  let place: Workplace;
  beforeEach(() => {
    place = new Workplace();
  });
  afterEach(() => place.remove());

  it('reads a label file', async () => {
    await labelFile(place.task());
    const stats = await labelStats(place.out);
    expect(stats).toMatchObject({ traces: 10, models: ['stub'] });
    expect(stats.steps).toBe(place.records().flatMap((record) => record.rewards).length);
    expect(stats.agreement.given.steps).toBeGreaterThan(0);
  });

  it('says so where there is none', async () => {
    const file = join(place.folder, 'x.jsonl');
    writeFileSync(file, '{}\n');
    await expect(labelStats(file)).rejects.toMatchObject({ kind: 'nothing' });
    await expect(labelStats(place.out)).rejects.toMatchObject({ kind: 'read' });
  });
});
