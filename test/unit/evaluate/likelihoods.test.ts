import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fill } from '../../../scripts/evaluate/likelihoods/fill';
import { Kept } from '../../../scripts/evaluate/likelihoods/kept';
import { LAYERS } from '../../../scripts/evaluate/likelihoods/layers';
import { LikelihoodStore } from '../../../scripts/evaluate/likelihoods/store';
import { verdict } from '../../../scripts/evaluate/rewards/reward-of';
import { DEFAULT_VARIANT, firstNegatives, variantRewards } from '../../../scripts/evaluate/rewards/variant';
import { readSubjects } from '../../../scripts/evaluate/subjects';
import { scoreTrajectory } from '../../../src/cpmi/score-trajectory';
import { ANSWER_ESTIMATORS, DEFAULT_SETTINGS, type TemplatePosition } from '../../../src/cpmi/settings';
import {
  ContextTooLongError,
  type LikelihoodModel,
  type Text,
} from '../../../src/likelihood/likelihood-model';

const TRACES = [
  {
    id: 'eggs',
    question: 'A farm has 16 eggs and uses 7. How many are left?',
    steps: ['It starts with 16 eggs.', '16 - 7 = 8', 'So 8 are left. The answer is: 8'],
    answer: '9',
    first_error: 1,
  },
  {
    id: 'eggs again',
    question: 'A farm has 16 eggs and uses 7. How many are left?',
    steps: ['16 - 7 = 9', 'The answer is: 9'],
    answer: '9',
    first_error: -1,
  },
  { id: 'no label', question: 'How many?', steps: ['One.'], answer: '1' },
];

/** Answers every request by a number that only the texts decide, and counts the calls. */
class HashModel implements LikelihoodModel {
  readonly id = { name: 'hash', sha256: '0' };
  readonly window = 1000;
  readonly judges = false;
  calls = 0;
  tooLong = false;

  async score(requests: Parameters<LikelihoodModel['score']>[0]) {
    this.calls++;
    if (this.tooLong) throw new ContextTooLongError(0, 2000, 1000);
    const work = { naivePositions: 0, distinctPositions: 0, computedPositions: 0, passes: 0 };
    const likelihoods = requests.map(({ context, target }) => {
      const hash = createHash('sha256')
        .update(`${flat(context)}|${target}`)
        .digest();
      return { logProb: -hash.readUInt16LE() / 1000, tokens: 1 + target.length, cut: 0 };
    });
    return { likelihoods, work };
  }

  async dispose() {}
}

const flat = (text: Text): string => (text.before ? flat(text.before) : '') + text.piece;

let folder: string;
let file: string;
let cache: string;
let kept: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steplens-evaluate-'));
  file = join(folder, 'traces.jsonl');
  cache = join(folder, 'cache');
  kept = join(cache, '0.jsonl');
  await writeFile(file, TRACES.map((trace) => `${JSON.stringify(trace)}\n`).join(''));
});
afterEach(() => rm(folder, { recursive: true }));

async function fillAll(model: HashModel) {
  const { subjects, leftOut } = await readSubjects(file);
  const store = await LikelihoodStore.open(cache, model.id);
  const filled = [];
  for (const layer of LAYERS) {
    filled.push(await fill(layer, subjects, store, model, Number.POSITIVE_INFINITY, () => {}));
  }
  return { subjects, leftOut, store, filled };
}

describe('kept likelihoods', () => {
  it('give the rewards that scoring gives, for every estimator, K, M and w', async () => {
    const model = new HashModel();
    const { subjects, leftOut, store } = await fillAll(model);
    expect(leftOut).toBe(1);
    expect(subjects.map(({ id }) => id).sort()).toEqual(['eggs', 'eggs again']);
    for (const estimator of ANSWER_ESTIMATORS) {
      for (const [templates, negatives, negativeWeight, position] of [
        [1, 4, 1],
        [4, 4, 1],
        [4, 2, 0.5],
        [1, 0, 1],
        [2, 8, 1],
        [1, 4, 0],
        [1, 4, 1, 'after'],
        [4, 4, 1, 'after'],
      ] as const) {
        if (estimator === 'leave-one-out' && position) continue; // not asked for
        const templatePosition: TemplatePosition = position ?? 'before';
        for (const subject of subjects) {
          const settings = {
            ...DEFAULT_SETTINGS,
            estimator,
            templates,
            templatePosition,
            negatives,
            negativeWeight,
          };
          const { trajectory, siblings } = subject;
          const scored = await scoreTrajectory(trajectory, model, settings, { siblings });
          const derived = variantRewards(subject, new Kept(store), {
            estimator,
            templates: Array.from({ length: templates }, (_, k) => k),
            negatives: firstNegatives(negatives),
            weight: negativeWeight,
            perToken: true,
            templatePosition,
          });
          expect(derived?.map(({ reward }) => reward.toFixed(3))).toEqual(
            scored.steps.map(({ reward }) => reward.toFixed(3)),
          );
        }
      }
    }
    await store.close();
  });

  it("give the model's own verdicts", async () => {
    const model = new HashModel();
    const { subjects, store } = await fillAll(model);
    for (const subject of subjects) {
      const { trajectory, siblings } = subject;
      const settings = { ...DEFAULT_SETTINGS, estimator: 'verdict' } as const;
      const scored = await scoreTrajectory(trajectory, model, settings, { siblings });
      expect(verdict(subject, new Kept(store))?.map((reward) => reward.toFixed(3))).toEqual(
        scored.steps.map(({ reward }) => reward.toFixed(3)),
      );
    }
    await store.close();
  });

  it('are asked for once, a cut-off line again', async () => {
    const first = new HashModel();
    await (await fillAll(first)).store.close();
    expect(first.calls).toBe(2 * LAYERS.length);
    const again = new HashModel();
    await (await fillAll(again)).store.close();
    expect(again.calls).toBe(0);

    await truncate(kept, (await readFile(kept)).length - 5);
    const after = new HashModel();
    await (await fillAll(after)).store.close();
    expect(after.calls).toBe(1);
    await appendFile(kept, '{"key": 3}\nnot json\n');
    await (await fillAll(after)).store.close();
    expect(after.calls).toBe(1);
  });

  it('have none of a trace that is too long, or that the time did not suffice for', async () => {
    const model = new HashModel();
    model.tooLong = true;
    const { subjects, store, filled } = await fillAll(model);
    expect(filled[0]).toEqual({ kept: 0, tooLong: 2, wanted: 2 });
    expect(variantRewards(subjects[0] as never, new Kept(store), DEFAULT_VARIANT)).toBeUndefined();
    const [layer] = LAYERS;
    if (!layer) throw new Error('no layer');
    const late = await fill(layer, subjects, store, model, Number.NEGATIVE_INFINITY, () => {});
    expect(late).toEqual({ kept: 0, tooLong: 0, wanted: 2 });
    await store.close();
  });
});
