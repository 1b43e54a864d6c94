import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { importModel } from '../../../src/models/import/import-model';
import type { ImportPrecision } from '../../../src/models/import/precision/names';

/** Made by test/bench/models/reference.py: random models of each family, and transformers' log-probabilities. */
const FIXTURES = 'test/fixtures/models';

interface Golden {
  readonly context: string;
  readonly target: string;
  readonly logProb: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'steplens-import-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const golden = (file: string) => JSON.parse(readFileSync(join(FIXTURES, file), 'utf8')) as Golden[];

/** Imports a fixture, scores the golden requests, and gives back the largest difference per token in nats. */
async function largestDifference(source: string, expected: readonly Golden[], precision: ImportPrecision) {
  const out = join(scratch, `${source}-${precision}`);
  const made = await importModel(join(FIXTURES, source), { out, precision });
  const model = await loadModel(made.folder, { threads: 1 });
  try {
    const requests = expected.map(({ context, target }) => ({ context: { piece: context }, target }));
    const { likelihoods } = await model.score(requests);
    const differences = likelihoods.map(({ logProb, tokens }, i) =>
      Math.abs((logProb - (expected[i]?.logProb ?? Number.NaN)) / tokens),
    );
    return Math.max(...differences);
  } finally {
    await model.dispose();
  }
}

const FOLDERS = ['smollm2', 'llama3', 'linear', 'mistral', 'qwen2', 'qwen3', 'smollm3'];
const FILES = ['smollm2', 'llama3', 'qwen2', 'qwen3', 'smollm3'];

describe('a model imported in 32 bits', () => {
  it.each(FOLDERS)('scores as transformers does: %s, from safetensors', async (name) => {
    expect(await largestDifference(name, golden(`${name}/golden.json`), 'fp32')).toBeLessThan(1e-4);
  });

  it.each(FILES)('scores as transformers does: %s, from GGUF', async (name) => {
    expect(await largestDifference(`${name}.gguf`, golden(`${name}.gguf.json`), 'fp32')).toBeLessThan(1e-4);
  });

  it('says less where less is kept', async () => {
    const expected = golden('qwen3/golden.json');
    expect(await largestDifference('qwen3', expected, 'q8')).toBeLessThan(0.1);
    expect(await largestDifference('qwen3', expected, 'int8')).toBeLessThan(0.2);
    expect(await largestDifference('qwen3', expected, 'q4')).toBeLessThan(1);
  });
});

describe('importing', () => {
  it("honours a sliding window by the model's own", async () => {
    const made = await importModel(join(FIXTURES, 'mistral'), {
      out: join(scratch, 'sliding'),
      precision: 'fp32',
    });
    expect(made.window).toBe(24);
    expect(made.notes.join()).toMatch(/slides over 24 tokens/);
  });

  it('splits weights into data files and leaves nothing else behind', async () => {
    const out = join(scratch, 'files');
    let last = { done: 0, total: 1 };
    const onProgress = (written: typeof last) => {
      expect(written.done).toBeGreaterThan(last.done);
      last = written;
    };
    const made = await importModel(join(FIXTURES, 'smollm2.gguf'), {
      out,
      precision: 'int8',
      name: 'small',
      onProgress,
    });
    expect(last.done).toBeLessThanOrEqual(made.bytes);
    expect(readdirSync(out).sort()).toEqual([
      'config.json',
      'model.0.bin',
      'model.onnx',
      'steplens-model.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      model_type: 'llama',
      steplens: { name: 'small', graph: 'tree', precision: 'int8' },
    });
    await expect(importModel(join(FIXTURES, 'smollm2.gguf'), { out, precision: 'int8' })).rejects.toThrow(
      /is there already/,
    );
  });

  it('stops when it is told to, and takes back what it wrote', async () => {
    const stop = new AbortController();
    const folder = join(scratch, 'stopped');
    const importing = importModel(join(FIXTURES, 'llama3'), {
      out: join(folder, 'model'),
      precision: 'fp32',
      signal: stop.signal,
      onProgress: ({ done }) => done > 20_000 && stop.abort(),
    });
    await expect(importing).rejects.toThrow(/aborted/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
