import { describe, expect, it } from 'vitest';
import { ServerError } from '../../../../src/likelihood/server';
import type { StubRequest } from '../../../support/stub-dialects';
import { expected } from '../../../support/stub-language';
import { type Fault, startStub } from '../../../support/stub-server';
import { FAST, open, REQUESTS, stub } from './stubs';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const scoring = ({ path }: StubRequest) => path === '/v1/completions';
const right = REQUESTS.map((request) => expected(request).logProb.toFixed(9));
const rounded = (likelihoods: readonly { readonly logProb: number }[]) =>
  likelihoods.map(({ logProb }) => logProb.toFixed(9));

describe('several servers', () => {
  it('lose, double and mix up nothing, whatever breaks', async () => {
    let seed = 7;
    const dice = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed / 2 ** 32;
    };
    const faults: readonly Fault[] = [
      { kind: 'raw', status: 503, text: '' },
      { kind: 'raw', status: 429, text: '{}', headers: { 'retry-after': '0' } },
      { kind: 'reset' },
      { kind: 'raw', status: 500, text: '<html>Internal Server Error</html>' },
    ];
    const fault = (request: StubRequest) =>
      scoring(request) && dice() < 0.25 ? faults[Math.floor(dice() * faults.length)] : undefined;
    const well = [
      await stub({ dialect: 'vllm' }),
      ...(await Promise.all([1, 2].map(() => stub({ dialect: 'vllm' })))),
    ];
    const { model } = await open(well.map(({ url }) => url));
    // From here on they fail; and one of them is gone for good.
    await Promise.all(well.map((server) => server.close()));
    await Promise.all(
      well.slice(0, 2).map((s) => stub({ dialect: 'vllm', fault }, Number(new URL(s.url).port))),
    );
    const runs = await Promise.all(Array.from({ length: 12 }, () => model.score(REQUESTS)));
    for (const { likelihoods, work } of runs) {
      expect(rounded(likelihoods)).toEqual(right);
      expect(work).toEqual(runs[0]?.work);
    }
  });

  it('share the work', async () => {
    const servers = await Promise.all([1, 2, 3].map(() => stub({ dialect: 'vllm', work: () => sleep(5) })));
    const { model } = await open(
      servers.map(({ url }) => url),
      { concurrency: 2 },
    );
    await Promise.all(Array.from({ length: 6 }, () => model.score(REQUESTS)));
    for (const server of servers) {
      expect(server.requests.filter(scoring).length).toBeGreaterThan(4);
      expect(server.busiest).toBeLessThanOrEqual(2);
    }
  });

  it('work as long as one of them can be reached; the others are tried again', async () => {
    const well = await stub({ dialect: 'vllm' });
    const late = await startStub({ dialect: 'vllm' });
    await late.close();
    const { model, found } = await open([late.url, well.url], { concurrency: 1 });
    expect(found[0]).toMatch(/nothing listens there; it is tried again later/);
    expect(rounded((await model.score(REQUESTS)).likelihoods)).toEqual(right);
    const back = await stub({ dialect: 'vllm' }, Number(new URL(late.url).port));
    for (let i = 0; i < 50 && !back.requests.some(scoring); i++) await model.score(REQUESTS);
    expect(back.requests.some(scoring)).toBe(true);
  });

  it('have to serve the same model', async () => {
    const well = await stub({ dialect: 'vllm' });
    const other = await stub({
      dialect: 'vllm',
      fault: ({ path }) =>
        path === '/v1/models'
          ? { kind: 'raw', text: '{"data":[{"id":"another","owned_by":"vllm"}]}' }
          : undefined,
    });
    await expect(open([well.url, other.url])).rejects.toThrow(
      /do not serve the same model: "another" and "stub-model"/,
    );
    const sglang = await stub({ dialect: 'sglang' });
    await expect(open([well.url, sglang.url])).rejects.toThrow(/one is asked by/);
  });

  it('are given up when all are gone', async () => {
    const server = await startStub({ dialect: 'vllm' });
    const { model } = await open([server.url]);
    await server.close();
    await expect(model.score(REQUESTS)).rejects.toThrow(ServerError);
    await expect(model.score(REQUESTS)).rejects.toThrow(/nothing listens there/);
  });

  it('stop at once when asked to', async () => {
    const server = await stub({ dialect: 'vllm', work: () => sleep(20) });
    const { model } = await open([server.url], { concurrency: 1, backOff: FAST });
    const stop = new AbortController();
    const scored = model.score(REQUESTS, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(scored).rejects.toMatchObject({ name: 'AbortError' });
    const asked = server.requests.length;
    await sleep(60);
    expect(server.requests.length).toBeLessThanOrEqual(asked + 1);
  });
});
