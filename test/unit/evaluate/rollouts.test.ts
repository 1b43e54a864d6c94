import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Kept } from '../../../scripts/evaluate/likelihoods/kept';
import { LikelihoodStore } from '../../../scripts/evaluate/likelihoods/store';
import { KeptRollouts, type Rollouts } from '../../../scripts/evaluate/rollouts/kept-rollouts';
import { monteCarlo, POLICY_ROLLOUTS, pav } from '../../../scripts/evaluate/rollouts/rewards';
import { readSubjects, type Subject } from '../../../scripts/evaluate/subjects';

const TRACE = {
  id: 'eggs',
  question: 'A farm has 16 eggs and uses 7. How many are left?',
  steps: ['It starts with 16 eggs.', '16 - 7 = 8'],
  answer: '9',
  first_error: 1,
};

describe('rewards made of rollouts', () => {
  let folder = '';
  let subject: Subject;
  let kept: Kept;
  let store: LikelihoodStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steplens-rollouts-'));
    await writeFile(join(folder, 'traces.jsonl'), JSON.stringify(TRACE));
    const { subjects } = await readSubjects(join(folder, 'traces.jsonl'));
    subject = subjects[0] as Subject;
    store = await LikelihoodStore.open(join(folder, 'answers'), { name: 'none', sha256: '0' });
    kept = new Kept(store);
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  /** Twelve texts: of the policy's `policy` end in gold, of the prover's `prover`. */
  const rollouts = (prefix: number, policy: number, prover: number): Rollouts => ({
    id: subject.id,
    prefix,
    texts: Array.from({ length: 12 }, (_, i) =>
      (i < POLICY_ROLLOUTS ? i < policy : i - POLICY_ROLLOUTS < prover)
        ? 'So the answer is: 9'
        : 'The answer is: 8',
    ),
  });

  const read = async (...lines: readonly string[]): Promise<KeptRollouts> => {
    const path = join(folder, 'rollouts.jsonl');
    await writeFile(path, lines.join('\n'));
    return new KeptRollouts(path);
  };

  it('are the share that ends in gold, and what a step adds to the share of a prover', async () => {
    const all = [rollouts(0, 0, 1), rollouts(1, 6, 3), rollouts(2, 2, 0)].map((r) => JSON.stringify(r));
    const found = await read(...all);
    expect(monteCarlo(found)(subject, kept)).toEqual([6 / 8, 2 / 8]);
    expect(pav(found)(subject, kept)).toEqual([6 / 8 + 3 / 4 - 1 / 4, 2 / 8 + 0 - 3 / 4]);
  });

  it('take the last number where a rollout states no answer', async () => {
    const texts = Array.from({ length: 12 }, () => '16 minus 7 leaves 9 eggs for the farm');
    const found = await read(...[0, 1, 2].map((prefix) => JSON.stringify({ id: subject.id, prefix, texts })));
    expect(monteCarlo(found)(subject, kept)).toEqual([1, 1]);
  });

  it('are none where a prefix was not sampled, or its line was cut off', async () => {
    const [first, second, third] = [rollouts(0, 0, 0), rollouts(1, 1, 1), rollouts(2, 2, 2)].map((r) =>
      JSON.stringify(r),
    );
    const found = await read(first ?? '', second ?? '', (third ?? '').slice(0, 40));
    expect(monteCarlo(found)(subject, kept)).toBeUndefined();
    expect(pav(found)(subject, kept)).toBeUndefined();
  });
});
