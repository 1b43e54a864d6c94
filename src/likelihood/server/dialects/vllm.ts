import * as v from 'valibot';
import { AnswerError, checkedLogProb, type Dialect } from './dialect';
import { only, shaped } from './shape';

/** One prompt position: the token's id (as JSON has it, in text) to its log-probability; null for the first. */
const Position = v.nullable(v.record(v.string(), v.object({ logprob: v.number() })));
const Scored = v.object({ choices: only(v.object({ prompt_logprobs: v.array(Position) })) });
const Next = v.object({
  choices: only(
    v.object({ logprobs: v.object({ tokens: only(v.string()), token_logprobs: only(v.number()) }) }),
  ),
});

/**
 * vLLM's completions with its parameter `prompt_logprobs`. With 0 an answer holds, for each prompt position but the first,
 * the prompt's own token and nothing else. vLLM computes such a prompt whole, without its prefix cache.
 */
export const vllm: Dialect = {
  name: 'vllm',
  means: 'prompt_logprobs of /v1/completions, prompts as token ids',
  sharesPrefixes: false,
  positions: ({ ids }) => ids.length,
  ask: ({ ids }, model) => ({
    path: '/v1/completions',
    body: { model, prompt: ids, max_tokens: 1, temperature: 0, prompt_logprobs: 0 },
  }),
  read(answer, { ids, from }) {
    const positions = shaped(Scored, answer).choices[0]?.prompt_logprobs ?? [];
    if (positions.length !== ids.length) {
      throw new AnswerError(`${positions.length} prompt positions came back for ${ids.length} tokens`);
    }
    return ids.slice(from).map((id, i) => {
      const found = positions[from + i]?.[String(id)];
      if (!found) throw new AnswerError(`prompt position ${from + i} is not of token ${id}`);
      return checkedLogProb(found.logprob, from + i);
    });
  },
  askNext: ({ ids }, model) => ({
    path: '/v1/completions',
    body: {
      ...{ model, prompt: ids, max_tokens: 1, temperature: 0, logprobs: 1 },
      return_tokens_as_token_ids: true,
    },
  }),
  readNext(answer) {
    const logprobs = shaped(Next, answer).choices[0]?.logprobs;
    const text = logprobs?.tokens[0] ?? '';
    const id = /^token_id:(\d+)$/.exec(text)?.[1];
    if (id === undefined) throw new AnswerError('the generated token has no id');
    return { id: Number(id), text, logProb: checkedLogProb(logprobs?.token_logprobs[0], 0) };
  },
};
