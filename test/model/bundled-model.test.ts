import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationTexts } from '../../scripts/model/calibrate';
import type { LikelihoodModel } from '../../src/likelihood/likelihood-model';
import { loadModel } from '../../src/likelihood/onnx/load-model';
import { loadTokenizer } from '../../src/likelihood/onnx/tokenizer';
import type { LlamaConfig } from '../../src/models/import/llama';
import { openGreedy } from '../support/greedy';

const MODEL = resolve('model');
const golden = <T>(name: string): T => JSON.parse(readFileSync(join(__dirname, 'golden', name), 'utf8')) as T;

interface IndependentEngine {
  readonly contexts: readonly {
    readonly context: string;
    readonly target: string;
    readonly logProbs: readonly number[];
  }[];
  readonly tokens: readonly { readonly text: string; readonly ids: readonly number[] }[];
}

describe('the bundled model is SmolLM2', () => {
  let model: LikelihoodModel;
  beforeAll(async () => {
    model = await loadModel(MODEL);
  });
  afterAll(() => model.dispose());

  /** Nats per token of everything after the first word. */
  async function meanLogLikelihood(texts: readonly string[]): Promise<number> {
    let sum = 0;
    let tokens = 0;
    for (const text of texts) {
      const [, first = '', rest = ''] = /^(\S+)(.*)$/s.exec(text) ?? [];
      const { likelihoods } = await model.score([{ context: { piece: first }, target: rest }]);
      sum += likelihoods[0]?.logProb ?? Number.NaN;
      tokens += likelihoods[0]?.tokens ?? 0;
    }
    return sum / tokens;
  }

  it('agrees with an independent engine on the same weights', async () => {
    const { contexts } = golden<IndependentEngine>('independent-engine.json');
    const differences: number[] = [];
    for (const { context, target, logProbs } of contexts) {
      const { likelihoods } = await model.score([{ context: { piece: context }, target }]);
      expect(likelihoods[0]?.tokens).toBe(logProbs.length);
      const expected = logProbs.reduce((a, b) => a + b, 0);
      differences.push(Math.abs((likelihoods[0]?.logProb ?? Number.NaN) - expected) / logProbs.length);
    }
    expect(differences.length).toBe(20);
    expect(differences.reduce((a, b) => a + b, 0) / 20).toBeLessThan(0.1);
    expect(Math.max(...differences)).toBeLessThan(0.4);
  });

  it('tokenises as the independent engine does', async () => {
    const { encode, decode } = await loadTokenizer(MODEL);
    const { tokens } = golden<IndependentEngine>('independent-engine.json');
    expect(tokens.length).toBeGreaterThan(100);
    for (const { text, ids } of tokens) {
      expect(encode(text), text).toEqual(ids);
      expect(decode(ids)).toBe(text);
    }
  });

  it('continues ten prompts as it did when it was imported', async () => {
    const config = JSON.parse(readFileSync(join(MODEL, 'config.json'), 'utf8')) as LlamaConfig;
    const greedy = await openGreedy(MODEL, config);
    const prompts = golden<{ prompt: string; continuation: string }[]>('greedy.json');
    expect(prompts.length).toBe(10);
    for (const { prompt, continuation } of prompts) {
      // Another processor rounds 8-bit sums otherwise, which may turn a near tie; no token may be far from the best.
      const regrets = await greedy.regrets(prompt, continuation);
      expect(Math.max(...regrets), `${prompt}${continuation}`).toBeLessThan(0.5);
    }
    await greedy.dispose();
  });

  it('finds the example texts likely, and the same words shuffled not', async () => {
    const texts = calibrationTexts('examples');
    const shuffled = texts.map((text) => shuffle(text));
    const [natural, mixed] = [await meanLogLikelihood(texts), await meanLogLikelihood(shuffled)];
    expect(natural).toBeGreaterThan(-2.5);
    expect(mixed).toBeLessThan(natural - 1.5);
  });

  const train = resolve('../shared/data/train/gsm8k_train.jsonl');
  if (!existsSync(train)) console.info(`skipped: likelihood of GSM8K questions (${train} is not there)`);
  it.skipIf(!existsSync(train))('is where a model of 135M should be on GSM8K questions', async () => {
    const lines = readFileSync(train, 'utf8').split('\n').slice(0, 40);
    const questions = lines.map((line) => (JSON.parse(line) as { question: string }).question);
    const natural = await meanLogLikelihood(questions);
    const shuffled = await meanLogLikelihood(questions.map(shuffle));
    console.info(`GSM8K questions: ${natural.toFixed(3)} nats per token, shuffled ${shuffled.toFixed(3)}`);
    expect(natural).toBeGreaterThan(-3.5);
    expect(shuffled).toBeLessThan(natural - 1.5);
  });
});

/** The same words in an order that has nothing to do with the text. */
const shuffle = (text: string) =>
  text
    .trim()
    .split(/\s+/)
    .sort((a, b) => hash(a) - hash(b))
    .join(' ');
function hash(text: string): number {
  let h = 7;
  for (const c of text) h = (Math.imul(h, 31) ^ c.charCodeAt(0)) | 0;
  return h;
}
