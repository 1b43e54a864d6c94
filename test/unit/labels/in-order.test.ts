import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../src/labels';

const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('work in order', () => {
  it('gives all results in the order of the items, and never does more at a time than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(4), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, jobs) => {
          let [running, most] = [0, 0];
          const work = async (ms: number) => {
            most = Math.max(most, ++running);
            await sleep(ms);
            running--;
            return ms;
          };
          expect(await collect(inOrder(delays, jobs, work))).toEqual(delays);
          expect(most).toBeLessThanOrEqual(jobs);
          if (delays.length >= jobs) expect(most).toBe(jobs);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('waits for what is under way where one fails, and begins no more', async () => {
    const ended: number[] = [];
    const begun: number[] = [];
    const work = async (n: number) => {
      begun.push(n);
      await sleep(n === 1 ? 1 : 20);
      ended.push(n);
      if (n === 1) throw new RangeError('one');
      return n;
    };
    await expect(collect(inOrder([0, 1, 2, 3, 4, 5, 6], 3, work))).rejects.toThrow('one');
    expect([...ended].sort()).toEqual([...begun].sort());
    expect(begun.length).toBeLessThan(7);
  });

  it('does not run far ahead of an item that takes long', async () => {
    let release = () => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begun = 0;
    const items = Array.from({ length: 200 }, (_, n) => n);
    const work = async (n: number) => {
      begun++;
      if (n === 0) await first;
      return n;
    };
    const done = collect(inOrder(items, 2, work));
    await sleep(20);
    expect(begun).toBeLessThan(50);
    release();
    expect(await done).toEqual(items);
  });
});
