import * as v from 'valibot';
import { AnswerError, checkedLogProb, type Dialect, type Question, type QuestionText } from './dialect';
import { only, shaped } from './shape';

const LogProbs = v.object({
  tokens: v.array(v.string()),
  token_logprobs: v.array(v.nullable(v.number())),
  text_offset: v.optional(v.array(v.number())),
});
const Scored = v.object({
  choices: only(v.object({ logprobs: LogProbs })),
  usage: v.optional(v.object({ prompt_tokens: v.number() })),
});

const whole = ({ context, blank, target }: QuestionText): string => context + blank.text + target;

/**
 * OpenAI's completions with `echo` and `logprobs`, which several servers have. One token is generated besides, as some
 * servers take 0 for "no limit".
 */
function echo(prompts: 'ids' | 'text', read: Dialect['read']): Dialect {
  const completion = (prompt: unknown, model: string, echoed: boolean) => ({
    path: '/v1/completions',
    body: { model, prompt, max_tokens: 1, temperature: 0, logprobs: 1, echo: echoed },
  });
  return {
    name: `echo of ${prompts}`,
    means: `echo and logprobs of /v1/completions, prompts as ${prompts === 'ids' ? 'token ids' : 'text'}`,
    ...(prompts === 'ids' ? {} : { prompt: ({ ids, text }) => ({ text: whole(text), ids }) }),
    sharesPrefixes: false,
    positions: ({ ids }) => ids.length,
    ask: ({ ids, text }, model) => completion(prompts === 'ids' ? ids : whole(text), model, true),
    read,
    askNext: ({ ids, text }, model) => completion(prompts === 'ids' ? ids : text, model, false),
    readNext(answer) {
      const { tokens, token_logprobs: values } = logProbsOf(answer);
      const [text] = tokens;
      if (text === undefined || tokens.length !== 1) throw new AnswerError('no generated token came back');
      return { text, logProb: checkedLogProb(values[0], 0) };
    },
  };
}

/** With token ids an answer has one entry a token, and perhaps one for what was generated. */
export const echoOfIds = echo('ids', (answer, { ids, from }: Question) => {
  const { token_logprobs: values } = logProbsOf(answer);
  const prompt = shaped(Scored, answer).usage?.prompt_tokens ?? ids.length;
  if (prompt !== ids.length || values.length < ids.length || values.length > ids.length + 1) {
    throw new AnswerError(`${values.length} tokens came back for ${ids.length}`);
  }
  return ids.slice(from).map((_, i) => checkedLogProb(values[from + i], from + i));
});

/**
 * With text the target is found by its offset, and has to be there whole: a token that begins at the very end of the
 * context, and from there on as many tokens as the target has, which spell it.
 */
export const echoOfText = echo('text', (answer, { ids, from, text }: Question) => {
  const { tokens, token_logprobs: values, text_offset: offsets } = logProbsOf(answer);
  if (!offsets)
    throw new AnswerError('the answer has no text offsets, so where the target begins is not known');
  const begin = [...text.context, ...text.blank.text].length; // servers count characters, not UTF-16 units
  const first = offsets.indexOf(begin);
  const count = ids.length - from;
  if (first < 0) throw new AnswerError('no token of the answer begins where the target does');
  if (tokens.slice(first, first + count).join('') !== text.target) {
    throw new AnswerError('the tokens of the answer do not spell the target');
  }
  return ids.slice(from).map((_, i) => checkedLogProb(values[first + i], from + i));
});

function logProbsOf(answer: unknown): v.InferOutput<typeof LogProbs> {
  const found = shaped(Scored, answer).choices[0]?.logprobs;
  if (!found) throw new AnswerError('the answer has no log-probabilities');
  const { tokens, token_logprobs: values, text_offset: offsets } = found;
  if (tokens.length !== values.length || (offsets && offsets.length !== tokens.length)) {
    throw new AnswerError('its lists of tokens, log-probabilities and offsets differ in length');
  }
  return found;
}
