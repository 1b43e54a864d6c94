import { describe, expect, it } from 'vitest';
import type { LikelihoodModel, ScoreResult } from '../../../src/likelihood/likelihood-model';
import { ModelPool } from '../../../src/likelihood/process/model-pool';

/** A copy that answers when it is told to. */
class Copy implements LikelihoodModel {
  readonly id = { name: 'copy', sha256: '00' };
  readonly window = 64;
  readonly judges = false;
  closed = false;
  readonly calls: { resolve: () => void; reject: (error: Error) => void }[] = [];

  score(): Promise<ScoreResult> {
    const result: ScoreResult = {
      likelihoods: [],
      work: { naivePositions: 0, distinctPositions: 0, computedPositions: 0, passes: 0 },
    };
    return new Promise((resolve, reject) => this.calls.push({ resolve: () => resolve(result), reject }));
  }
  async dispose(): Promise<void> {
    this.closed = true;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a pool of models', () => {
  it('gives a call to an idle copy; further ones wait, and go on where a copy fails', async () => {
    const copies = [new Copy(), new Copy()];
    let next = 0;
    const pool = await ModelPool.start(2, async () => copies[next++] ?? new Copy());
    expect([pool.id.name, pool.window]).toEqual(['copy', 64]);
    const calls = [0, 1, 2].map(() => pool.score([]).then(String, String));
    await settle();
    expect(copies.map(({ calls: { length } }) => length)).toEqual([1, 1]);
    copies[1]?.calls[0]?.reject(new RangeError('broken'));
    await settle();
    expect(copies.map(({ calls: { length } }) => length)).toEqual([1, 2]);
    copies[0]?.calls[0]?.resolve();
    copies[1]?.calls[1]?.resolve();
    expect((await Promise.all(calls)).filter((said) => said === 'RangeError: broken').length).toBe(1);
    await pool.dispose();
    expect(copies.every(({ closed }) => closed)).toBe(true);
  });

  it('does not start a call that was given up while it waited', async () => {
    const copy = new Copy();
    const pool = await ModelPool.start(1, async () => copy);
    const controller = new AbortController();
    const first = pool.score([]);
    const second = pool.score([], { signal: controller.signal });
    await settle();
    controller.abort();
    copy.calls[0]?.resolve();
    await first;
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(copy.calls.length).toBe(1);
  });

  it('closes the copies that did start where one does not', async () => {
    const copies: Copy[] = [];
    const start = async () => {
      if (copies.length === 2) throw new RangeError('no memory');
      const copy = new Copy();
      copies.push(copy);
      return copy;
    };
    await expect(ModelPool.start(3, start)).rejects.toThrow('no memory');
    expect(copies.map(({ closed }) => closed)).toEqual([true, true]);
  });
});
