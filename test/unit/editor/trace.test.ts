import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSteps } from '../../../src/editor/document/align-steps';
import { reconcile } from '../../../src/editor/document/reconcile';
import { Trace } from '../../../src/editor/document/trace';
import { jsonLine, readText, scoredWith, traceOf, type Written } from './traces';

const read = (...all: Written[]) => readText(all.map(jsonLine).join('\n'));

describe('alignSteps', () => {
  it('keeps what is the same at both ends, and by number what was edited in between', () => {
    expect(alignSteps(['a', 'b', 'c'], ['a', 'B', 'c'])).toEqual([0, 1, 2]);
    expect(alignSteps(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual([0, undefined, 1, 2]);
    expect(alignSteps(['a', 'b', 'c'], ['a', 'c'])).toEqual([0, 2]);
    expect(alignSteps([], ['a'])).toEqual([undefined]);
  });

  it('never gives a step of which there is none, nor one twice', () => {
    const steps = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const known = alignSteps(before, after).filter((was) => was !== undefined);
        expect(new Set(known).size).toBe(known.length);
        for (const was of known) expect(before[was]).toBeDefined();
      }),
    );
  });
});

describe('reconcile', () => {
  it('keeps traces with their rewards when others come before them', async () => {
    const [first, second] = await read({ id: 'a', steps: ['one'] }, { id: 'b', steps: ['two'] });
    if (!first || !second) throw new Error('two traces are expected');
    const old = [new Trace(first, 0), new Trace(second, 1)];
    old[1]?.setScored(scoredWith(old[1], [0.5]));
    const now = reconcile(
      old,
      await read({ id: 'n', steps: ['new'] }, { id: 'a', steps: ['one'] }, { id: 'b', steps: ['two'] }),
    );
    expect(now.map((trace) => trace.id)).toEqual(['n', 'a', 'b']);
    expect(now.slice(1)).toEqual(old);
    expect(now[2]?.index).toBe(2);
    expect(now[2]?.stale).toBe(false);
    expect(now[2]?.stepReward(0)?.reward).toBe(0.5);
  });

  it('keeps an edited trace by its id, with outdated rewards', async () => {
    const trace = await traceOf({ id: 'a', steps: ['one', 'two'] });
    trace.setScored(scoredWith(trace, [0.1, 0.2]));
    const [now] = reconcile([trace], await read({ id: 'a', steps: ['one', 'inserted', 'two'] }));
    expect(now).toBe(trace);
    expect(now?.stale).toBe(true);
    expect([0, 1, 2].map((i) => now?.stepReward(i)?.reward)).toEqual([0.1, undefined, 0.2]);
  });

  it('tells equal traces apart by their ids', async () => {
    const twins = await read({ id: 'a', steps: ['same'] }, { id: 'b', steps: ['same'] });
    const old = twins.map((item, i) => new Trace(item, i));
    const now = reconcile(old, [...(await read({ id: 'b', steps: ['same'] }, { id: 'a', steps: ['same'] }))]);
    expect(now).toEqual([old[1], old[0]]);
  });

  it('loses no trace and invents none', async () => {
    const written = fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        steps: fc.array(fc.constantFrom('x', 'y'), { minLength: 1, maxLength: 2 }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(written, written, async (before, after) => {
        const old = (before.length ? await read(...before) : []).map((item, i) => new Trace(item, i));
        const items = after.length ? await read(...after) : [];
        const now = reconcile(old, items);
        expect(now.map((trace) => trace.contentKey)).toEqual(items.map((item) => item.contentKey));
        expect(now.map((trace) => trace.index)).toEqual(items.map((_, i) => i));
        expect(new Set(now).size).toBe(now.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('Trace', () => {
  it('is outdated from the edit on, and current again once it is scored anew', async () => {
    const trace = await traceOf({ steps: ['one'] });
    expect(trace.stale).toBe(false);
    trace.setScored(scoredWith(trace, [0.4]));
    trace.setEdited();
    expect([trace.stale, trace.edited]).toEqual([true, true]);
    trace.setScored(scoredWith(trace, [0.4]));
    expect(trace.stale).toBe(false);
  });

  it('is not outdated by an edit that was undone before the text was read again', async () => {
    const trace = await traceOf({ id: 'a', steps: ['one'] });
    trace.setScored(scoredWith(trace, [0.4]));
    trace.setEdited();
    const [same] = await read({ id: 'a', steps: ['one'] });
    if (same) trace.update(same, 0);
    expect([trace.stale, trace.edited]).toEqual([false, false]);
  });

  it('is outdated by another gold answer, and a failure is forgotten', async () => {
    const trace = await traceOf({ steps: ['one'] });
    trace.setScored(scoredWith(trace, [0.4]));
    trace.state = { kind: 'failed', reason: 'no answer' };
    trace.setGivenGold('8');
    expect([trace.stale, trace.state.kind]).toEqual([true, 'idle']);
  });

  it('knows its lowest step', async () => {
    const trace = await traceOf({ steps: ['one', 'two', 'three'] });
    expect(trace.lowest).toBeUndefined();
    trace.setScored(scoredWith(trace, [0.4, -0.2, 0.1]));
    expect(trace.lowest?.index).toBe(1);
  });
});
