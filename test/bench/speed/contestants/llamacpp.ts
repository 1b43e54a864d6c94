import { serve } from '../contestant';
import { type Fed, openLlama } from '../llama';
import { PAPER, readTraces, requestsOf, tokeniser } from '../workload';

const opened = openLlama(1, 4096);
const encode = tokeniser();

/**
 * node-llama-cpp with its KV cache reused: what a request shares with the one before it stays, the rest is cut off and run.
 * Its interface gives the whole distribution after a token; that is asked for where a target token is predicted, only.
 */
serve(
  async ({ file }) => {
    await Promise.all([opened, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  async (trace) => {
    const [sequence] = (await opened).sequences;
    if (!sequence) throw new Error('llama.cpp has no sequence');
    await sequence.clearHistory();
    let held: readonly number[] = [];
    let positions = 0;
    for (const { context, target } of (await encode)(requestsOf(trace, PAPER))) {
      const text = [...context, ...target.slice(0, -1)];
      const differs = text.findIndex((token, i) => token !== held[i]);
      // The last token of the context has to run, as it predicts the first one of the target.
      const from = Math.min(differs < 0 ? text.length : differs, context.length - 1);
      if (held.length > from) await sequence.eraseContextTokenRanges([{ start: from, end: held.length }]);
      const fed = text
        .slice(from)
        .map(
          (token, i): Fed =>
            from + i >= context.length - 1 ? [token, { generateNext: { probabilities: true } }] : token,
        );
      const answers = await sequence.controlledEvaluate(fed);
      target.reduce((sum, token, i) => {
        const found = answers[context.length - 1 - from + i]?.next.probabilities?.get(token);
        if (found === undefined) throw new Error('llama.cpp gave no probability for a target token');
        return sum + Math.log(found);
      }, 0);
      positions += fed.length;
      held = text;
    }
    return { positions };
  },
);
