import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeInt8Check } from '../../../scripts/model/int8-check';
import { int8Error } from '../../../src/likelihood/onnx/int8-check';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { openRuntime, type Runtime } from '../../../src/likelihood/onnx/runtime';
import { ModelStore, writeRecord } from '../../../src/models';
import { examine, isBroken, type Report, reportText } from '../../../src/models/doctor';
import { SELF_TEST_FILE, SELF_TEST_TEXTS, selfTestRequests } from '../../../src/models/doctor/self-test';
import { writeTinyModel } from '../../support/tiny-llama';
import { buildWorker } from '../../support/worker';

let worker: string;
let bundled: string;
let home: string;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => rmSync(dirname(worker), { recursive: true }));
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'steplens-home-'));
  bundled = writeTinyModel();
  writeInt8Check(bundled);
  const model = await loadModel(bundled);
  const texts = SELF_TEST_TEXTS.map(({ target }) => ({ context: 'abc', target }));
  const { likelihoods } = await model.score(selfTestRequests(texts));
  const nats = texts.map((text, i) => ({
    ...text,
    nats: (likelihoods[i]?.logProb ?? 0) / (likelihoods[i]?.tokens ?? 1),
  }));
  writeFileSync(join(bundled, SELF_TEST_FILE), JSON.stringify({ sha256: model.id.sha256, texts: nats }));
  await model.dispose();
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
  rmSync(bundled, { recursive: true, force: true });
  rmSync(join(dirname(worker), 'node_modules'), { recursive: true, force: true });
});

const run = (): Promise<Report> =>
  examine({ version: '1.2.3', store: new ModelStore(bundled, home), bundled, worker, threads: 1 });
const finding = (report: Report, what: string) => report.findings.find((found) => found.what === what);
/** Changes a stored number of the self-test. */
function falsify(change: (test: { sha256: string; texts: { nats: number }[] }) => void): void {
  const file = join(bundled, SELF_TEST_FILE);
  const test = JSON.parse(readFileSync(file, 'utf8'));
  change(test);
  writeFileSync(file, JSON.stringify(test));
}

describe('the doctor', () => {
  it('finds nothing where all is well', async () => {
    const report = await run();
    expect(isBroken(report), reportText(report)).toBe(false);
    expect(report.findings.map(({ what }) => what)).toEqual([
      'platform',
      'processor',
      'runtime',
      'bundled model',
      '8-bit sums',
      'self-test',
      'chosen model',
      'memory',
      'storage',
    ]);
    expect(finding(report, 'runtime')?.text).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, native$/);
    expect(reportText(report)).toMatch(/^Steplens 1\.2\.3\n/);
  });

  it('sees scores that are wrong', async () => {
    falsify(({ texts: [first] }) => {
      if (first) first.nats += 0.5;
    });
    const report = await run();
    expect(finding(report, 'self-test')).toMatchObject({
      status: 'broken',
      advice: expect.stringContaining('STEPLENS_RUNTIME=wasm'),
    });
    expect(reportText(report)).toContain('1 broken');
  });

  it('sees files that were changed', async () => {
    falsify((test) => {
      test.sha256 = '0'.repeat(64);
    });
    expect(finding(await run(), 'bundled model')).toMatchObject({
      status: 'broken',
      advice: 'install Steplens anew',
    });
  });

  it('sees a model that is damaged, and one that is to be imported', async () => {
    const models = join(home, 'models');
    cpSync(bundled, join(models, 'mine'), { recursive: true });
    await writeRecord(join(models, 'mine'), {
      source: 'https://hub/owner/name',
      added: '2026-01-01',
      files: [{ path: 'config.json', bytes: 3, sha256: '0'.repeat(64) }],
    });
    mkdirSync(join(models, 'weights'));
    writeFileSync(join(models, 'weights/config.json'), '{}');
    writeFileSync(join(models, 'weights/model.safetensors'), '');
    cpSync(bundled, join(models, 'cut'), { recursive: true });
    rmSync(join(models, 'cut/model.0.bin'));
    const report = await run();
    expect(finding(report, 'model mine')).toMatchObject({
      status: 'broken',
      text: 'config.json is not what was downloaded',
    });
    expect(finding(report, 'model weights')).toMatchObject({
      status: 'warning',
      advice: expect.stringContaining('model import'),
    });
    expect(finding(report, 'model cut')).toMatchObject({
      status: 'broken',
      text: expect.stringContaining('missing'),
    });
  });

  it('sees that the bundled model cannot be loaded at all', async () => {
    rmSync(join(bundled, 'model.0.bin'));
    const report = await run();
    expect(finding(report, 'runtime')).toMatchObject({
      status: 'broken',
      text: expect.stringContaining('model.0.bin'),
    });
    expect(finding(report, 'self-test')).toBeUndefined();
  });

  it('says why the native runtime is not used', async () => {
    const stub = join(dirname(worker), 'node_modules/onnxruntime-node');
    mkdirSync(stub, { recursive: true });
    writeFileSync(join(stub, 'index.js'), "throw new Error('libstdc++.so.6: version not found');");
    const report = await run();
    expect(finding(report, 'runtime')).toMatchObject({
      status: 'warning',
      text: expect.stringMatching(/WebAssembly, since the native one does not work here: libstdc\+\+/),
    });
    expect(finding(report, 'self-test')?.status).toBe('ok');
    expect(isBroken(report)).toBe(false);
  });

  it('sees a chosen model that is gone', async () => {
    writeFileSync(join(home, 'config.json'), '{"model":"gone"}');
    expect(finding(await run(), 'chosen model')).toMatchObject({
      status: 'broken',
      advice: 'steplens model use bundled',
    });
  });
});

describe('8-bit sums', () => {
  it.each(['native', 'wasm'] as const)('are exact here, by %s', async (choice) => {
    expect(await int8Error((await openRuntime(choice)).runtime, join(bundled, 'int8-check.onnx'))).toBe(0);
  });

  it('that are cut off at 16 bits are seen', async () => {
    // What a processor without VNNI makes of it: two products at a time, added in 16 bits that do not overflow but stop.
    const cutting = {
      open: async () => ({
        run: async ({ a }: { a: { data: Uint8Array } }) => {
          const data = new Float32Array(64);
          for (let row = 0; row < 4; row++) {
            let sum = -128 * 127 * 48;
            for (let i = row * 48; i < (row + 1) * 48; i += 2) {
              sum += Math.min(32_767, ((a.data[i] ?? 0) + (a.data[i + 1] ?? 0)) * 127);
            }
            data.fill(sum, row * 16, (row + 1) * 16);
          }
          return { y: { data } };
        },
        release: async () => undefined,
      }),
    } as unknown as Runtime;
    expect(await int8Error(cutting, 'graph')).toBeGreaterThan(100_000);
  });

  it('are tried with the graph that stands beside the bundled model', () => {
    const made = mkdtempSync(join(tmpdir(), 'steplens-check-'));
    writeInt8Check(made);
    expect(
      readFileSync(join(made, 'int8-check.onnx')).equals(readFileSync(resolve('model/int8-check.onnx'))),
    ).toBe(true);
    rmSync(made, { recursive: true });
  });
});
