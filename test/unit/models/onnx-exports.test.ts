import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { largestDifference, scoreSeparately, textOf } from '../../support/separate';

/** Exported with Optimum by test/bench/models/export_onnx.py, with transformers' log-probabilities. */
const FIXTURES = 'test/fixtures/models';

interface Golden {
  readonly context: string;
  readonly target: string;
  readonly logProb: number;
}

describe.each(['qwen2', 'qwen3', 'gemma', 'gpt2'])('a graph exported by Optimum: %s', (name) => {
  const folder = join(FIXTURES, `onnx-${name}`);

  it('scores as transformers does', async () => {
    const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Golden[];
    const model = await loadModel(folder, { threads: 1 });
    const requests = golden.map(({ context, target }) => ({ context: { piece: context }, target }));
    const { likelihoods } = await model.score(requests);
    await model.dispose();
    likelihoods.forEach(({ logProb, tokens }, i) => {
      expect(Math.abs(logProb - (golden[i]?.logProb ?? Number.NaN)) / tokens).toBeLessThan(1e-4);
    });
  });

  it('shares work and scores as separate passes do', async () => {
    const model = await loadModel(folder, { threads: 1 });
    const start = textOf(['Question: ', 'how many?']);
    const step = { before: start, piece: '\n\nTen rolls and two.' };
    const requests = [start, step, { before: step, piece: '\n\nSo twelve.' }].flatMap((context) =>
      ['The answer is: 12', 'The answer is: 120', 'The answer is: 3'].map((target) => ({ context, target })),
    );
    const { likelihoods, work } = await model.score(requests);
    const apart = await scoreSeparately(model, requests);
    await model.dispose();
    expect(largestDifference(likelihoods, apart)).toBeLessThan(1e-4);
    expect(work.computedPositions).toBeLessThan(work.naivePositions / 3);
  });
});
