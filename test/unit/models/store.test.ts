import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LikelihoodModel } from '../../../src/likelihood/likelihood-model';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import {
  homeFolder,
  isModelName,
  MeteredModel,
  ModelError,
  ModelStore,
  usageOf,
  writeRecord,
} from '../../../src/models';
import { modelInfo } from '../../../src/models/info';
import { writeTinyHf } from '../../support/tiny-hf';
import { writeTinyModel } from '../../support/tiny-llama';

let home: string;
let bundled: string;
let store: ModelStore;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'steplens-home-'));
  bundled = writeTinyModel();
  store = new ModelStore(bundled, home);
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(bundled, { recursive: true, force: true });
});

/** Puts an empty model into the storage folder. */
function put(name: string): string {
  const folder = join(home, 'models', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), '{}');
  return folder;
}

describe('the storage folder', () => {
  it('is that of STEPLENS_HOME, or the platform’s for data of programs', () => {
    expect(homeFolder({ STEPLENS_HOME: '/somewhere' })).toBe(resolve('/somewhere'));
    expect(homeFolder({ STEPLENS_HOME: 'here' })).toBe(resolve('here'));
    expect(homeFolder({})).toContain('steplens');
  });

  it('lists the bundled model and what is in it, by name, and nothing half done', async () => {
    put('zeta');
    put('owner/name@q4');
    put('.downloads/owner--other@q4');
    put('owner/.hidden');
    mkdirSync(join(home, 'models/empty'));
    writeFileSync(join(home, 'models/file'), '');
    expect((await store.list()).map(({ name }) => name)).toEqual(['bundled', 'owner/name@q4', 'zeta']);
  });

  it('finds a model by name, by its beginning where that is clear, or by path', async () => {
    const folder = put('owner/name@q4');
    expect((await store.find('owner/name@q4')).folder).toBe(folder);
    expect((await store.find('owner/name')).folder).toBe(folder);
    expect((await store.find('bundled')).folder).toBe(bundled);
    expect((await store.find(bundled)).folder).toBe(bundled);
    put('owner/name@fp32');
    await expect(store.find('owner/name')).rejects.toThrow(
      'owner/name may be owner/name@fp32 or owner/name@q4: name one of them',
    );
    await expect(store.find('other')).rejects.toThrow(/no model of that name/);
    await expect(store.find('/nowhere/at/all')).rejects.toThrow(/there is no such model folder/);
  });

  it('remembers which one is chosen, by name or by path, and says when it is gone', async () => {
    expect((await store.chosen()).name).toBe('bundled');
    const folder = put('owner/name@q4');
    await store.use('owner/name');
    expect(await store.chosen()).toEqual({ name: 'owner/name@q4', folder });
    rmSync(folder, { recursive: true });
    await expect(store.chosen()).rejects.toThrow(/the chosen model is gone .* steplens model use bundled/);
    await store.use(bundled);
    expect((await store.chosen()).folder).toBe(bundled);
    await expect(store.use('nothing')).rejects.toThrow(ModelError);
    writeFileSync(join(home, 'config.json'), 'no JSON');
    expect((await store.chosen()).name).toBe('bundled');
  });

  it('gives up a model that is removed, and no other folder', async () => {
    const folder = put('mine');
    await store.use('mine');
    await store.remove('mine');
    expect(existsSync(folder)).toBe(false);
    expect((await store.chosen()).name).toBe('bundled');
    expect((await store.list()).length).toBe(1);
    await expect(store.remove('bundled')).rejects.toThrow(/cannot be removed/);
    const outside = writeTinyModel();
    await expect(store.remove(outside)).rejects.toThrow(/delete it yourself/);
    expect(existsSync(join(outside, 'config.json'))).toBe(true);
    rmSync(outside, { recursive: true });
  });

  it('takes no name that leaves it', () => {
    for (const name of [
      '..',
      '../x',
      'a/..',
      '.hidden',
      'a/b/c',
      '/a',
      'a/',
      'a\\b',
      'C:',
      'nul',
      'a/con.x',
      '',
      'a b',
    ]) {
      expect(isModelName(name), name).toBe(false);
    }
    fc.assert(
      fc.property(fc.string(), (name) => {
        if (isModelName(name)) expect(resolve('/home', name).startsWith(resolve('/home'))).toBe(true);
      }),
    );
  });
});

describe('what is said of a model', () => {
  it('is what loading it would say', async () => {
    const model = await loadModel(bundled);
    const info = await modelInfo({ name: 'bundled', folder: bundled }, home);
    expect(info).toMatchObject({
      kind: 'packed',
      window: model.window,
      sha256: model.id.sha256,
      licence: 'apache-2.0',
    });
    expect(info.size).toBeGreaterThan(10_000);
    await model.dispose();
  });

  it('has the licence and the source of its record, or of its README', async () => {
    const folder = writeTinyHf();
    writeFileSync(
      join(folder, 'README.md'),
      '---\nlanguage: en\nlicense: mit\n---\n# A model\nlicense: none\n',
    );
    const read = () => modelInfo({ name: 'x', folder }, home);
    expect(await read()).toMatchObject({ kind: 'onnx', licence: 'mit' });
    await writeRecord(folder, {
      source: 'https://hub/owner/name',
      licence: 'cc0-1.0',
      added: '2026-01-01',
      files: [],
    });
    expect(await read()).toMatchObject({ licence: 'cc0-1.0', source: 'https://hub/owner/name' });
    rmSync(folder, { recursive: true });
  });

  it('says what is to be imported, and what is broken', async () => {
    const folder = put('mine');
    expect(await modelInfo({ name: 'mine', folder }, home)).toMatchObject({
      kind: 'broken',
      problem: expect.stringContaining('mine'),
    });
    writeFileSync(join(folder, 'model.safetensors'), '');
    expect((await modelInfo({ name: 'mine', folder }, home)).kind).toBe('weights');
  });

  it('takes the hash anew where a file has changed', async () => {
    const read = async () => (await modelInfo({ name: 'bundled', folder: bundled }, home)).sha256;
    const before = await read();
    expect(await read()).toBe(before);
    const tokenizer = join(bundled, 'tokenizer_config.json');
    writeFileSync(
      tokenizer,
      '{"tokenizer_class":"PreTrainedTokenizerFast","add_bos_token":true,"bos_token":"a"}',
    );
    expect(await read()).not.toBe(before);
  });
});

describe('a metered model', () => {
  const stub = (positions: number): LikelihoodModel => ({
    id: { name: 'stub', sha256: '' },
    window: 8,
    judges: false,
    score: async (requests) => ({
      likelihoods: requests.map(() => ({ logProb: -1, tokens: 1, cut: 0 })),
      work: { naivePositions: 0, distinctPositions: 0, computedPositions: positions, passes: 1 },
    }),
    dispose: async () => undefined,
  });
  const use = async (positions: number) => {
    const model = new MeteredModel(stub(positions), '/models/stub', home);
    await model.score([{ context: { piece: 'a' }, target: 'b' }]);
    await model.dispose();
  };

  it('has written down, when it is let go of, how fast it was', async () => {
    expect(await usageOf('/models/stub', home)).toBeUndefined();
    await use(1000);
    const usage = await usageOf('/models/stub', home);
    expect(usage?.speed).toBeGreaterThan(0);
    expect(Date.parse(usage?.lastUsed ?? '')).toBeGreaterThan(0);
  });

  it('keeps the speed that was seen where a use was too short to tell', async () => {
    await use(1000);
    const before = await usageOf('/models/stub', home);
    await use(3);
    expect((await usageOf('/models/stub', home))?.speed).toBe(before?.speed);
  });
});
