import { decode, encode, logProbs, tokenOf } from './stub-language';

/** A request as a stub server gets it. */
export interface StubRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a kind of server answers; undefined where it has no such path. */
export type StubDialect = (request: StubRequest, start: readonly number[]) => unknown;

const NEXT = encode(' the');
const next = (prompt: readonly number[]) => {
  const id = NEXT[0] ?? 0;
  return { id, logProb: logProbs([...prompt, id]).at(-1) ?? Number.NaN };
};

const models = (owner: string, more: object = {}) => ({
  object: 'list',
  data: [{ id: 'stub-model', object: 'model', owned_by: owner, ...more }],
});

const promptIds = (prompt: unknown, start: readonly number[]): number[] =>
  typeof prompt === 'string' ? [...start, ...encode(prompt)] : [...(prompt as number[])];

/** OpenAI's list of tokens, as a completion or an echoed prompt has it. */
function openAiLogProbs(ids: readonly number[], from: number, names = tokenOf) {
  const values = logProbs(ids);
  let offset = 0;
  const offsets = ids.map((id) => {
    const at = offset;
    offset += [...tokenOf(id)].length;
    return at;
  });
  return {
    tokens: ids.slice(from).map(names),
    token_logprobs: values.map((value, i) => (i === 0 ? null : value)).slice(from),
    text_offset: offsets.slice(from),
  };
}

const vllm: StubDialect = ({ path, body }, start) => {
  if (path === '/v1/models') return models('vllm', { max_model_len: 4096 });
  if (path === '/tokenize') {
    const tokens = [...(body.add_special_tokens ? start : []), ...encode(String(body.prompt))];
    return { tokens, count: tokens.length, max_model_len: 4096 };
  }
  if (path !== '/v1/completions') return undefined;
  const ids = promptIds(body.prompt, start);
  const { id } = next(ids);
  const all = [...ids, id];
  const names = body.return_tokens_as_token_ids ? (token: number) => `token_id:${token}` : tokenOf;
  const values = logProbs(ids);
  const position = (token: number, i: number) =>
    i === 0 ? null : { [token]: { logprob: values[i], rank: 1, decoded_token: tokenOf(token) } };
  return {
    object: 'text_completion',
    choices: [
      {
        index: 0,
        text: body.echo ? decode(all) : tokenOf(id),
        logprobs: body.logprobs === undefined ? null : openAiLogProbs(all, body.echo ? 0 : ids.length, names),
        prompt_logprobs: body.prompt_logprobs === undefined ? null : ids.map(position),
      },
    ],
    usage: { prompt_tokens: ids.length, completion_tokens: 1 },
  };
};

/** A gateway or another server with OpenAI's echo alone, that takes what `takes` says. */
const echo =
  (takes: 'ids' | 'text'): StubDialect =>
  (request, start) => {
    if (request.path === '/v1/models') return models('somebody');
    if (request.path === '/v1/completions') {
      const { prompt_logprobs: _, grammar, ...body } = request.body;
      if (grammar !== undefined || Array.isArray(body.prompt) !== (takes === 'ids')) return undefined;
      return vllm({ path: request.path, body }, start);
    }
    return request.path === '/tokenize' ? vllm(request, start) : undefined;
  };

const sglang: StubDialect = ({ path, body }, start) => {
  if (path === '/v1/models') return models('sglang', { max_model_len: 4096 });
  if (path === '/v1/tokenize') return vllm({ path: '/tokenize', body }, start);
  if (path !== '/generate') return undefined;
  const ids = body.input_ids as number[];
  const from = Number(body.logprob_start_len ?? -1);
  const values = logProbs(ids);
  const entries = ids.map((id, i) => [i === from ? null : values[i], id, null]);
  const { id, logProb } = next(ids);
  return {
    text: tokenOf(id),
    meta_info: {
      prompt_tokens: ids.length,
      input_token_logprobs: from < 0 ? [] : entries.slice(from),
      output_token_logprobs: [[logProb, id, null]],
    },
  };
};

/** The tokens that a grammar `root ::= <[1]> <[2]>` admits. */
const forced = (grammar: unknown): number[] =>
  [...String(grammar).matchAll(/<\[(\d+)\]>/g)].map((m) => Number(m[1]));

const llamaCpp: StubDialect = ({ path, body }, start) => {
  if (path === '/v1/models') return models('llamacpp', { meta: { n_ctx: 4096, n_vocab: 1000 } });
  if (path === '/props') return { total_slots: 2, default_generation_settings: { n_ctx: 2048 } };
  if (path === '/tokenize') {
    if (body.content === undefined) return { tokens: [] };
    return { tokens: [...(body.add_special ? start : []), ...encode(String(body.content))] };
  }
  if (path !== '/completion') return undefined;
  const ids = promptIds(body.prompt, start);
  const generated = body.grammar === undefined ? [next(ids).id] : forced(body.grammar);
  const values = logProbs([...ids, ...generated]).slice(ids.length);
  return {
    content: decode(generated),
    tokens_evaluated: ids.length,
    truncated: false,
    completion_probabilities: generated.map((id, i) => ({
      id,
      token: tokenOf(id),
      logprob: values[i],
      top_logprobs: [],
    })),
  };
};

const llamaCppPython: StubDialect = ({ path, body }, start) => {
  if (path === '/v1/models') return models('me');
  if (path === '/extras/tokenize') return { tokens: [...start, ...encode(String(body.input))] };
  if (path !== '/v1/completions' || typeof body.prompt !== 'string') return undefined;
  const ids = promptIds(body.prompt, start);
  const generated = body.grammar === undefined ? [next(ids).id] : forced(body.grammar);
  const all = [...ids, ...generated];
  const logprobs = openAiLogProbs(all, body.echo ? 0 : ids.length);
  // Its echo is off by one where there is no BOS token.
  const shifted = body.echo && start.length === 0;
  const token_logprobs = shifted ? [...logprobs.token_logprobs.slice(1), null] : logprobs.token_logprobs;
  return {
    choices: [{ index: 0, text: decode(generated), logprobs: { ...logprobs, token_logprobs } }],
    usage: { prompt_tokens: ids.length, completion_tokens: generated.length },
  };
};

export const STUBS = {
  vllm,
  sglang,
  'llama.cpp': llamaCpp,
  'llama-cpp-python': llamaCppPython,
  'echo of ids': echo('ids'),
  'echo of text': echo('text'),
} as const;
export type StubName = keyof typeof STUBS;
