import { serve } from '../contestant';
import { openLlama } from '../llama';
import { extrapolated, MAX_TOKENS, SAMPLING, type Sample } from '../rollouts';
import { readTraces, tokeniser } from '../workload';

const SEQUENCES = 12;
const opened = openLlama(SEQUENCES, 2048);
const encode = tokeniser();

/** Rollouts on llama.cpp: one sequence each, which its scheduler runs together. */
const sample: Sample = async (context, rollouts) => {
  const { sequences, eos } = await opened;
  const [{ context: prefix } = { context: [] }] = (await encode)([{ context, target: 'x' }]);
  const lengths = await Promise.all(
    sequences.slice(0, rollouts).map(async (sequence) => {
      await sequence.clearHistory();
      let length = 0;
      for await (const token of sequence.evaluate(prefix, SAMPLING)) {
        length++;
        if (token === eos || length >= MAX_TOKENS) break;
      }
      return length;
    }),
  );
  const generated = lengths.reduce((sum, length) => sum + length, 0);
  return { generated, positions: generated + rollouts * prefix.length };
};

serve(
  async ({ file }) => {
    await Promise.all([opened, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  (trace, way) => extrapolated(trace, way, sample),
);
