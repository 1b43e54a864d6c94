import { describe, expect, it } from 'vitest';
import { UnanswerableError } from '../../../../src/likelihood/likelihood-model';
import { ServerError, type ServerOptions } from '../../../../src/likelihood/server';
import { exchange } from '../../../../src/likelihood/server/http';
import type { StubRequest } from '../../../support/stub-dialects';
import { expected } from '../../../support/stub-language';
import type { Fault } from '../../../support/stub-server';
import { open, REQUESTS, stub } from './stubs';

type Answer = { choices: { prompt_logprobs: (Record<string, { logprob: unknown }> | null)[] }[] };
const positions = (answer: unknown) => (answer as Answer).choices[0]?.prompt_logprobs ?? [];
const entry = (answer: unknown) => Object.values(positions(answer).at(-1) ?? {})[0] ?? { logprob: 0 };

/** A server that is well while it is probed, and from then on answers as `fault` has it. */
async function liar(fault: (request: StubRequest) => Fault, options: Partial<ServerOptions> = {}) {
  let probed = false;
  const server = await stub({
    dialect: 'vllm',
    fault: (request) => (probed && request.path === '/v1/completions' ? fault(request) : undefined),
  });
  const { model } = await open([server.url], options);
  probed = true;
  return { server, model };
}

const change = (to: (answer: unknown) => void): Fault => ({
  kind: 'change',
  to(answer) {
    to(answer);
    return answer;
  },
});

const LIES: readonly (readonly [string, Fault, RegExp])[] = [
  [
    'NaN',
    { kind: 'raw', text: '{"choices":[{"prompt_logprobs":[null,{"1":{"logprob":NaN}}]}]}' },
    /instead of JSON/,
  ],
  ['a log-probability above 0', change((a) => Object.assign(entry(a), { logprob: 0.5 })), /above 0/],
  ['a text for a number', change((a) => Object.assign(entry(a), { logprob: '-1' })), /number expected/],
  [
    'null for a log-probability',
    change((a) => Object.assign(entry(a), { logprob: null })),
    /number expected/,
  ],
  ['a token left out', change((a) => positions(a).pop()), /prompt positions came back/],
  [
    'a position without its token',
    change((a) => positions(a).splice(-1, 1, { 99999: { logprob: -1 } })),
    /not of token/,
  ],
  [
    'positions shifted by one',
    change((a) => positions(a).unshift(positions(a).pop() ?? null)),
    /not of token/,
  ],
  ['one position more', change((a) => positions(a).push(null)), /prompt positions came back/],
  ['no choices', { kind: 'raw', text: '{"choices":[]}' }, /choices/],
  ['two choices', change((a) => (a as Answer).choices.push((a as Answer).choices[0] as never)), /choices/],
  [
    'a web page',
    { kind: 'raw', text: '<!doctype html><title>Sign in</title>' },
    /a web page instead of JSON/,
  ],
  ['no body', { kind: 'raw', text: '' }, /instead of JSON/],
  ['half an answer', { kind: 'raw', text: '{"choices":[{"prompt_logp' }, /instead of JSON/],
  ['an array', { kind: 'raw', text: '[1,2,3]' }, /expected/],
  [
    'a redirect',
    { kind: 'raw', text: '', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    /redirects/,
  ],
];

describe('a server that lies', () => {
  it.each(LIES)('%s: a clear error, no reward', async (_, fault, message) => {
    const { server, model } = await liar(() => fault);
    const scored = model.score(REQUESTS);
    await expect(scored).rejects.toThrow(ServerError);
    await expect(scored).rejects.toThrow(message);
    await expect(scored).rejects.toThrow(server.url);
  });

  it('is asked again, and what it then says well counts', async () => {
    let lies = 0;
    const { model } = await liar(() => (lies++ < 2 ? { kind: 'raw', text: '<html>' } : undefined), {
      concurrency: 1,
    });
    const { likelihoods } = await model.score(REQUESTS);
    expect(likelihoods.map((l) => l.logProb.toFixed(9))).toEqual(
      REQUESTS.map((request) => expected(request).logProb.toFixed(9)),
    );
  });

  it('gives a token no probability: the request has no answer, the model is still good', async () => {
    let spoiled = false;
    const { model } = await liar(() => {
      if (spoiled) return undefined;
      spoiled = true;
      return change((answer) => Object.assign(entry(answer), { logprob: -9999 }));
    });
    await expect(model.score(REQUESTS)).rejects.toThrow(UnanswerableError);
    await expect(model.score(REQUESTS)).resolves.toBeDefined();
  });

  it('sends a byte now and then: its time is up all the same', async () => {
    const { model } = await liar(() => ({ kind: 'drip' }), { timeoutMs: 150 });
    await expect(model.score(REQUESTS.slice(0, 1))).rejects.toThrow(/no whole answer within/);
  });

  it.each([
    ['announces', { kind: 'raw', text: '{}', headers: { 'content-length': String(2 ** 40) } }],
    ['sends', { kind: 'raw', text: ' '.repeat(2_000) }],
  ] as const)('%s more than any answer has', async (_, fault) => {
    const server = await stub({ dialect: 'vllm', fault: () => fault });
    const peer = { root: server.url, timeoutMs: 5_000, maxBytes: 1_000 };
    await expect(exchange(peer, '/v1/models', undefined)).rejects.toThrow(/more than 1000 bytes/);
  });
});
