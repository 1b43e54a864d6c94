import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ContextTooLongError,
  type LikelihoodRequest,
  type Text,
} from '../../../src/likelihood/likelihood-model';
import { ModelFolderError } from '../../../src/likelihood/model-folder-error';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { ModelCrashedError } from '../../../src/likelihood/process/model-crashed-error';
import { ProcessModel } from '../../../src/likelihood/process/process-model';
import { fromWire, toWire } from '../../../src/likelihood/process/wire';
import { writeTinyModel } from '../../support/tiny-llama';
import { buildWorker } from '../../support/worker';

const requests = (context: string): LikelihoodRequest[] =>
  ['ab', 'cd'].map((target) => ({ context: { piece: context }, target }));
/** Enough positions for a hundred passes: a second of work that can be interrupted. */
const slow = (): LikelihoodRequest[] =>
  Array.from({ length: 200 }, (_, i) => ({
    context: { piece: `${i} ${'abcdefghij'.repeat(20)}` },
    target: 'ab',
  }));

describe('scoring process', () => {
  let worker: string;
  let folder: string;
  let model: ProcessModel;
  const log: string[] = [];

  beforeAll(async () => {
    worker = await buildWorker();
    folder = writeTinyModel();
    model = await ProcessModel.start({ worker, folder, threads: 1, log: (line) => log.push(line) });
  });
  afterAll(async () => {
    await model.dispose();
    rmSync(folder, { recursive: true });
    rmSync(dirname(worker), { recursive: true });
  });

  it('answers as the model does in its own process, and says who it is', async () => {
    const inside = await loadModel(folder);
    const [here, there] = [await inside.score(requests('abc')), await model.score(requests('abc'))];
    expect(there).toEqual(here);
    expect(model.id).toEqual(inside.id);
    expect(model.window).toBe(256);
    await inside.dispose();
  });

  it('reports progress pass by pass', async () => {
    const seen: [number, number][] = [];
    const many = Array.from({ length: 30 }, (_, i) => ({
      context: { piece: `${i} ${'abcdefghij'.repeat(10)}` },
      target: 'ab',
    }));
    await model.score(many, { onProgress: (done, total) => seen.push([done, total]) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)?.[0]).toBe(seen.at(-1)?.[1]);
  });

  it('carries typed errors across', async () => {
    const long = model.score([{ context: { piece: 'a'.repeat(300) }, target: 'ab' }]);
    await expect(long).rejects.toThrow(ContextTooLongError);
    await expect(long).rejects.toMatchObject({ request: 0, tokens: 302, window: 256 });
    await expect(ProcessModel.start({ worker, folder: '/nowhere' })).rejects.toThrow(ModelFolderError);
  });

  it('stops when it is cancelled, and goes on with the next request', async () => {
    const controller = new AbortController();
    const run = model.score(slow(), { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    await expect(model.score(requests('abc'))).resolves.toBeDefined();
  });

  it('goes on after its process is killed, with nothing lost', async () => {
    let kills = 0;
    const before = model.pid;
    const { likelihoods } = await model.score(slow(), {
      onProgress: () => {
        if (kills++ === 0) process.kill(model.pid ?? 0, 'SIGKILL');
      },
    });
    expect(likelihoods.length).toBe(200);
    expect(likelihoods.every((l) => Number.isFinite(l.logProb))).toBe(true);
    expect(model.pid).not.toBe(before);
    expect(log.join('\n')).toContain('the scoring process ended: signal SIGKILL');
  });

  it('gives a request up after three deaths, and lives on', async () => {
    const killing = model.score(slow(), { onProgress: () => process.kill(model.pid ?? 0, 'SIGKILL') });
    await expect(killing).rejects.toThrow(ModelCrashedError);
    await expect(model.score(requests('abc'))).resolves.toBeDefined();
  });

  it('restarts once for all requests that wait', async () => {
    const pids = new Set<number | undefined>();
    process.kill(model.pid ?? 0, 'SIGKILL');
    await Promise.all(
      ['a', 'b', 'c'].map((context) =>
        model.score(requests(context), { onProgress: () => pids.add(model.pid) }),
      ),
    );
    expect(pids.size).toBe(1);
  });
});

describe('requests on the wire', () => {
  const chains = fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 5,
  });

  it('come back equal, and send a shared context once', () => {
    fc.assert(
      fc.property(chains, fc.string(), (lists, target) => {
        const sent = lists.flatMap((pieces) => {
          let text: Text | undefined;
          return pieces.map((piece) => {
            text = text ? { before: text, piece } : { piece };
            return { context: text, target };
          });
        });
        const wire = toWire(sent);
        expect(fromWire(JSON.parse(JSON.stringify(wire)))).toEqual(sent);
        expect(wire.texts.length).toBe(lists.flat().length);
      }),
    );
  });

  it('refuse a row that refers to what is not there', () => {
    expect(() => fromWire({ texts: [[5, 'x']], requests: [] })).toThrow(RangeError);
    expect(() => fromWire({ texts: [], requests: [[0, 'x']] })).toThrow(RangeError);
  });
});
