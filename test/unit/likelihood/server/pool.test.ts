import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { retryAfter } from '../../../../src/likelihood/server/headers';
import { Pool } from '../../../../src/likelihood/server/pool';

const NO_REST = { firstMs: 0, longestMs: 0 };
const fails = () => ({ weight: 4 });

describe('pool', () => {
  it('runs every piece of work once, and no more at a time than a member takes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.record({ home: fc.nat(20), turns: fc.nat(3) }), { maxLength: 40 }),
        async (capacities, jobs) => {
          const members = capacities.map((capacity) => ({ capacity, active: 0 }));
          const pool = new Pool(members, NO_REST);
          const done = await Promise.all(
            jobs.map(({ home, turns }, i) =>
              pool.run(
                home,
                async (member) => {
                  expect(++member.active).toBeLessThanOrEqual(member.capacity);
                  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
                  member.active--;
                  return i;
                },
                fails,
              ),
            ),
          );
          expect(done).toEqual(jobs.map((_, i) => i));
        },
      ),
    );
  });

  it('sends work home where that is free, and deals homes in turn', async () => {
    const members = ['a', 'b', 'c'].map((name) => ({ name, capacity: 1 }));
    const pool = new Pool(members, NO_REST);
    expect([0, 1, 2, 3].map(() => pool.nextHome())).toEqual([0, 1, 2, 0]);
    const names = await Promise.all([1, 1, 2].map((home) => pool.run(home, async ({ name }) => name, fails)));
    expect(names[0]).toBe('b');
    expect(new Set(names).size).toBe(3);
  });

  it('lets a member rest that fails again and again, and then tries it with one piece of work', async () => {
    vi.useFakeTimers();
    try {
      const pool = new Pool([{ capacity: 4 }], { firstMs: 1000, longestMs: 8000 }, () => 1);
      const boom = () => pool.run(0, () => Promise.reject(new Error('boom')), fails);
      for (let i = 0; i < 3; i++) await expect(boom()).rejects.toThrow('boom');
      let started = 0;
      const works = [0, 1].map(() =>
        pool.run(0, () => new Promise<number>((resolve) => setTimeout(() => resolve(++started), 10)), fails),
      );
      await vi.advanceTimersByTimeAsync(990);
      expect(started).toBe(0);
      await vi.advanceTimersByTimeAsync(25);
      expect(started).toBe(1);
      await vi.advanceTimersByTimeAsync(25);
      expect(await Promise.all(works)).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives up a place in the queue when the signal fires', async () => {
    const pool = new Pool([{ capacity: 1 }], NO_REST);
    let free = () => {};
    const first = pool.run(0, () => new Promise<void>((resolve) => (free = resolve)), fails);
    const stop = new AbortController();
    const second = pool.run(0, async () => 2, fails, stop.signal);
    stop.abort(new DOMException('cancelled', 'AbortError'));
    await expect(second).rejects.toThrow('cancelled');
    free();
    await first;
    expect(await pool.run(0, async () => 3, fails)).toBe(3);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['3', 3000],
    ['0', 0],
    ['-5', 0],
    ['Thu, 01 Jan 2026 00:00:02 GMT', 2000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['999999', 600_000],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%s', (header, ms) => expect(retryAfter(header, now)).toBe(ms));
});
