import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LikelihoodRequest } from '../../../src/likelihood/likelihood-model';
import { ModelFolderError } from '../../../src/likelihood/model-folder-error';
import { ModelCrashedError } from '../../../src/likelihood/process/model-crashed-error';
import { ProcessModel } from '../../../src/likelihood/process/process-model';
import { largestDifference } from '../../support/separate';
import { writeTinyModel } from '../../support/tiny-llama';
import { buildWorker } from '../../support/worker';

const requests: LikelihoodRequest[] = ['12', 'ab'].map((target) => ({
  context: { piece: 'abc def' },
  target,
}));

describe('the scoring process on a machine where the native runtime', () => {
  let worker: string;
  let folder: string;
  let packages: string;
  beforeAll(async () => {
    worker = await buildWorker();
    folder = writeTinyModel();
    packages = join(dirname(worker), 'node_modules');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    rmSync(dirname(worker), { recursive: true });
  });

  /** Puts a package in the way that the worker finds before the real one. */
  function inTheWay(name: string, code: string): void {
    mkdirSync(join(packages, name), { recursive: true });
    writeFileSync(join(packages, name, 'index.js'), code);
  }
  const MISSING = `throw new Error("Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'\\nRequire stack:");`;

  async function run(runtime?: 'native' | 'wasm') {
    const log: string[] = [];
    const options = { worker, folder, threads: 1, log: (line: string) => log.push(line) };
    const model = await ProcessModel.start({ ...options, ...(runtime ? { runtime } : {}) });
    try {
      const { likelihoods } = await model.score(requests);
      return { likelihoods, id: model.id, fallback: model.fallback, log: log.join('\n') };
    } finally {
      await model.dispose();
    }
  }

  it('works, uses it and has nothing to excuse', async () => {
    rmSync(packages, { recursive: true, force: true });
    const { id, fallback, log } = await run();
    expect(id.runtime).toBe('native');
    expect(fallback).toBeUndefined();
    expect(log).toBe('');
  });

  it('is missing, scores by WebAssembly and says why', async () => {
    rmSync(packages, { recursive: true, force: true });
    const native = await run('native');
    inTheWay('onnxruntime-node', MISSING);
    const { likelihoods, id, fallback } = await run();
    expect(id).toEqual({ ...native.id, runtime: 'wasm' });
    expect(fallback).toBe("Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'");
    expect(largestDifference(likelihoods, native.likelihoods)).toBeLessThan(5e-5);
  });

  it.each<[how: string, code: string, why: RegExp]>([
    [
      'of a signal',
      "process.kill(process.pid, 'SIGSEGV');",
      /died while it was loaded \((signal SIGSEGV|exit code)/,
    ],
    ['with an exit code', 'process.exit(134);', /died while it was loaded \(exit code 134\)/],
  ])('dies twice while it loads, %s, starts anew with WebAssembly', async (_, code, why) => {
    inTheWay('onnxruntime-node', code);
    const { likelihoods, id, fallback, log } = await run();
    expect(id.runtime).toBe('wasm');
    expect(likelihoods.every(({ logProb }) => Number.isFinite(logProb))).toBe(true);
    expect(fallback).toMatch(why);
    expect(log.match(/the scoring process ended/g)?.length).toBe(2);
    expect(log).toContain('trying ONNX Runtime as WebAssembly');
  });

  it('dies once while it loads, is tried again', async () => {
    const died = join(packages, 'died');
    rmSync(packages, { recursive: true, force: true });
    inTheWay(
      'onnxruntime-node',
      `const { existsSync, writeFileSync } = require('node:fs');
      if (existsSync(${JSON.stringify(died)})) module.exports = require(${JSON.stringify(require.resolve('onnxruntime-node'))});
      else {
        writeFileSync(${JSON.stringify(died)}, '');
        process.exit(137);
      }`,
    );
    const { id, fallback } = await run();
    expect(id.runtime).toBe('native');
    expect(fallback).toBeUndefined();
  });

  it('is insisted on, does not pretend', async () => {
    inTheWay('onnxruntime-node', MISSING);
    await expect(run('native')).rejects.toThrow(ModelFolderError);
    await expect(run('native')).rejects.toThrow(/ONNX Runtime.* cannot be loaded.*Cannot find module/);
    inTheWay('onnxruntime-node', 'process.exit(134);');
    await expect(run('native')).rejects.toThrow(ModelCrashedError);
  });

  it('is not wanted, never touches it', async () => {
    inTheWay('onnxruntime-node', 'process.exit(134);');
    const { id, fallback, log } = await run('wasm');
    expect(id.runtime).toBe('wasm');
    expect(fallback).toBeUndefined();
    expect(log).toBe('');
  });

  it('is missing, and the other one too, says both', async () => {
    inTheWay('onnxruntime-node', MISSING);
    inTheWay('onnxruntime-web', "throw new Error('Cannot find module onnxruntime-web');");
    await expect(run()).rejects.toThrow(/onnxruntime-web.*onnxruntime_binding.node/);
    rmSync(packages, { recursive: true });
  });
});
