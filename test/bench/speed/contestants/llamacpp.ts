import { serve } from '../contestant';
import { type Fed, openLlama } from '../llama';
import { PAPER, readTraces, requestsOf, tokeniser } from '../workload';

const opened = openLlama(1, 4096);
const encode = tokeniser();
const ASK = { generateNext: { probabilities: true } } as const;

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
    /** What is predicted after each held token, where it was asked. */
    let after: (Map<number, number> | undefined)[] = [];
    let positions = 0;
    for (const { context, target } of (await encode)(requestsOf(trace, PAPER))) {
      const text = [...context, ...target.slice(0, -1)];
      const shared = commonLength(text, held);
      // The last token of the context runs again where nobody has asked yet what it predicts.
      const asked = text.findIndex((_, i) => i >= context.length - 1 && (i >= shared || !after[i]));
      if (asked >= 0) {
        const from = Math.min(shared, asked);
        if (held.length > from) await sequence.eraseContextTokenRanges([{ start: from, end: held.length }]);
        const fed = text
          .slice(from)
          .map((token, i): Fed => (from + i >= context.length - 1 ? [token, ASK] : token));
        const answers = await sequence.controlledEvaluate(fed);
        after = [...after.slice(0, from), ...fed.map((_, i) => answers[i]?.next.probabilities)];
        positions += fed.length;
        held = text;
      }
      target.reduce((sum, token, i) => {
        const found = after[context.length - 1 + i]?.get(token);
        if (found === undefined) throw new Error('llama.cpp gave no probability for a target token');
        return sum + Math.log(found);
      }, 0);
    }
    return { positions };
  },
);

function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((token, i) => token !== b[i]);
  return differs < 0 ? a.length : differs;
}
