import * as v from 'valibot';
import { AnswerError, checkedLogProb, type Dialect } from './dialect';
import { shaped } from './shape';

/** [log-probability, token id, text]; SGLang sends null for a token without one before it. */
const Entry = v.looseTuple([v.nullable(v.number()), v.pipe(v.number(), v.integer())]);
const Scored = v.object({ meta_info: v.object({ input_token_logprobs: v.array(Entry) }) });
const Next = v.object({
  text: v.string(),
  meta_info: v.object({ output_token_logprobs: v.pipe(v.array(Entry), v.minLength(1)) }),
});

/**
 * SGLang's own /generate. Log-probabilities are asked for from the token before the target on, so that all before that
 * may come from the prefix cache. (Its OpenAI completions refuse `echo` with `logprobs`, and say so.)
 */
export const sglang: Dialect = {
  name: 'sglang',
  means: 'return_logprob of /generate, prompts as token ids',
  sharesPrefixes: true,
  positions: ({ ids }) => ids.length,
  ask: ({ ids, from }) => ({
    path: '/generate',
    body: {
      input_ids: ids,
      sampling_params: { max_new_tokens: 1, temperature: 0 },
      return_logprob: true,
      logprob_start_len: from - 1,
      top_logprobs_num: 0,
    },
  }),
  read(answer, { ids, from }) {
    const entries = shaped(Scored, answer).meta_info.input_token_logprobs;
    const target = ids.slice(from);
    // The first entry is of the token before the target, and has no log-probability.
    const last = entries.slice(-target.length);
    if (last.length !== target.length || entries.length > ids.length) {
      throw new AnswerError(`${entries.length} prompt positions came back for ${target.length + 1} tokens`);
    }
    return last.map(([logProb, id], i) => {
      if (id !== target[i]) throw new AnswerError(`prompt position ${from + i} is not of token ${target[i]}`);
      return checkedLogProb(logProb, from + i);
    });
  },
  askNext: ({ ids }) => ({
    path: '/generate',
    body: {
      input_ids: ids,
      sampling_params: { max_new_tokens: 1, temperature: 0 },
      return_logprob: true,
    },
  }),
  readNext(answer) {
    const { text, meta_info: meta } = shaped(Next, answer);
    const [logProb, id] = meta.output_token_logprobs[0] ?? [null, -1];
    return { id, text, logProb: checkedLogProb(logProb, 0) };
  },
};
