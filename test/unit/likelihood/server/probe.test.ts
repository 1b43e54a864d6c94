import { describe, expect, it } from 'vitest';
import { ServerError } from '../../../../src/likelihood/server';
import type { StubName, StubRequest } from '../../../support/stub-dialects';
import { type Fault, startStub } from '../../../support/stub-server';
import { open, stub } from './stubs';

const on = (path: string, fault: Fault) => (request: StubRequest) =>
  request.path === path ? fault : undefined;

describe('probe', () => {
  it.each<[StubName, RegExp]>([
    ['vllm', /vLLM, model stub-model, prompt_logprobs.*token ids.*window 4096, known text -\d\.\d+ nats/],
    ['sglang', /SGLang.*return_logprob of \/generate/],
    ['llama.cpp', /llama\.cpp.*n_probs.*window 2048/],
    ['llama-cpp-python', /llama-cpp-python.*grammar.*\/extras\/tokenize.*window not said/],
    ['echo of ids', /an OpenAI-compatible server.*echo and logprobs.*token ids/],
    ['echo of text', /an OpenAI-compatible server.*echo and logprobs.*as text/],
  ])('says what it found: %s', async (dialect, said) => {
    const { found } = await open([(await stub({ dialect })).url]);
    expect(found.join()).toMatch(said);
  });

  it('gives a model the same id wherever it runs, and other models other ids', async () => {
    const [a, b] = [await stub({ dialect: 'vllm' }), await stub({ dialect: 'vllm' })];
    const ids = [(await open([a.url])).model.id, (await open([b.url])).model.id];
    expect(ids[0]).toEqual(ids[1]);
    const renamed = await stub({
      dialect: 'vllm',
      fault: on('/v1/models', { kind: 'raw', text: '{"data":[{"id":"other-model","owned_by":"vllm"}]}' }),
    });
    const other = (await open([renamed.url])).model.id;
    expect(other).toMatchObject({ name: 'other-model' });
    expect(other.sha256).not.toBe(ids[0]?.sha256);
  });

  it('refuses log-probabilities that belong to a neighbouring token', async () => {
    // llama-cpp-python without a BOS token, and too old for grammars of token ids.
    const fault = (request: StubRequest): Fault =>
      request.body.grammar === undefined
        ? undefined
        : { kind: 'raw', status: 400, text: '{"error":{"message":"failed to parse grammar"}}' };
    const server = await stub({ dialect: 'llama-cpp-python', fault });
    await expect(open([server.url])).rejects.toThrow(
      /no prompt log-probabilities that can be used.*failed to parse grammar.*when it generates it, but .* in a prompt/,
    );
  });

  it('refuses a server without prompt log-probabilities, with the reasons', async () => {
    const fault = (request: StubRequest): Fault =>
      request.path === '/v1/completions'
        ? { kind: 'raw', status: 400, text: '{"error":{"message":"prompt_logprobs is not supported"}}' }
        : undefined;
    const refused = open([(await stub({ dialect: 'vllm', fault })).url]);
    await expect(refused).rejects.toThrow(ServerError);
    await expect(refused).rejects.toThrow(/prompt_logprobs is not supported/);
  });

  it('asks for the tokenizer where the server has none, or one that puts blanks before pieces', async () => {
    const none = await stub({
      dialect: 'sglang',
      fault: on('/v1/tokenize', { kind: 'raw', status: 404, text: '{}' }),
    });
    await expect(open([none.url])).rejects.toThrow(/no tokeniser to ask.*--server-tokenizer/);
    const blanks = await stub({
      dialect: 'vllm',
      fault: on('/tokenize', {
        kind: 'change',
        to: (answer) => ({ tokens: [7, ...(answer as { tokens: number[] }).tokens] }),
      }),
    });
    await expect(open([blanks.url])).rejects.toThrow(/blank before each piece/);
  });

  it('wants a model named where there are several', async () => {
    const models = { data: ['big', 'small'].map((id) => ({ id, owned_by: 'vllm', max_model_len: 512 })) };
    const server = await stub({
      dialect: 'vllm',
      fault: on('/v1/models', { kind: 'raw', text: JSON.stringify(models) }),
    });
    await expect(open([server.url])).rejects.toThrow(/several models; name one .*: big, small/);
    await expect(open([server.url], { model: 'huge' })).rejects.toThrow(/no model "huge"/);
    const { model } = await open([server.url], { model: 'small' });
    expect(model.id.name).toBe('small');
    expect(model.window).toBe(512);
    expect(server.requests.find(({ path }) => path === '/v1/completions')?.body.model).toBe('small');
  });

  it('says that nothing listens, or that the host is unknown', async () => {
    const closed = await startStub({ dialect: 'vllm' });
    await closed.close();
    await expect(open([closed.url])).rejects.toThrow(`${closed.url}: nothing listens there`);
    await expect(open(['ftp://host'])).rejects.toThrow(/begins with http/);
    await expect(open(['http://me:secret@host'])).rejects.toThrow(/must not hold a name or a password/);
  });
});

describe('keys', () => {
  it('go to their own origin and nowhere else, and into no message', async () => {
    const locked = await stub({ dialect: 'vllm', key: 'right-key' });
    const { model } = await open([locked.url], { keys: { [locked.url]: 'right-key' } });
    expect(model.id.name).toBe('stub-model');
    const wrong = open([locked.url], {
      keys: { 'http://127.0.0.1:1': 'right-key', [locked.url]: 'wrong-key' },
    });
    await expect(wrong).rejects.toThrow(/wants another key \(status 401\): Invalid API key/);
    await expect(wrong).rejects.not.toThrow(/wrong-key|right-key/);
  });
});
