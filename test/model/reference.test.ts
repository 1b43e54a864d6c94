import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepare, scoreTrajectory } from '../../src/cpmi/score-trajectory';
import { type CpmiSettings, DEFAULT_SETTINGS, ESTIMATORS } from '../../src/cpmi/settings';
import type { LikelihoodModel } from '../../src/likelihood/likelihood-model';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { readTrajectories, type Trajectory } from '../../src/trajectory';
import { cutAnswerSentence } from '../../src/trajectory/answers';
import { writeDequantised } from '../support/dequantised';
import { referenceRewards, referenceTrace } from '../support/reference-cpmi';

const DEV = resolve('../shared/data/bench/dev.jsonl');

/** The fast path against the plain reference, on the bundled weights in exact arithmetic. */
describe('rewards equal the plain reference', () => {
  let folder: string;
  let model: LikelihoodModel;
  beforeAll(async () => {
    folder = writeDequantised(resolve('model'));
    model = await loadModel(folder);
  }, 120_000);
  afterAll(async () => {
    await model.dispose();
    rmSync(folder, { recursive: true });
  });

  async function expectEqual(trajectory: Trajectory, settings: CpmiSettings): Promise<void> {
    const fast = await scoreTrajectory(trajectory, model, settings);
    const steps = trajectory.steps.map((s, i) =>
      (i === trajectory.steps.length - 1 ? cutAnswerSentence(s.text).text : s.text).trim(),
    );
    const slow = await referenceRewards(
      referenceTrace(prepare(trajectory, settings), steps),
      model,
      settings,
    );
    const differences = fast.steps.map(({ reward }, i) => Math.abs(reward - (slow[i] ?? Number.NaN)));
    expect(Math.max(...differences), trajectory.id).toBeLessThan(5e-5);
    expect(slow.length).toBe(fast.steps.length);
  }

  it.each(ESTIMATORS)('%s, with two templates, on an example', async (estimator) => {
    const [, wrong] = await read('examples/traces.jsonl');
    if (!wrong) throw new Error('the examples are missing');
    await expectEqual(wrong, { ...DEFAULT_SETTINGS, estimator, templates: 2, negatives: 1 });
  }, 120_000);

  if (!existsSync(DEV)) console.info(`skipped: 20 dev traces (${DEV} is not there)`);
  it.skipIf(!existsSync(DEV))(
    'incremental, on the 20 shortest dev traces',
    async () => {
      const length = (t: Trajectory) =>
        t.question.text.length + t.steps.reduce((sum, s) => sum + s.text.length, 0);
      const dev = (await read(DEV)).sort((a, b) => length(a) - length(b)).slice(0, 20);
      expect(dev.length).toBe(20);
      for (const trajectory of dev)
        await expectEqual(trajectory, { ...DEFAULT_SETTINGS, estimator: 'incremental', negatives: 1 });
    },
    300_000,
  );
});

async function read(path: string): Promise<Trajectory[]> {
  const found: Trajectory[] = [];
  for await (const item of readTrajectories({ path: resolve(path) })) {
    if ('trajectory' in item) found.push(item.trajectory);
  }
  return found;
}
