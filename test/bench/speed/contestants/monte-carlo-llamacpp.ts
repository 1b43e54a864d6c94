import { serve } from '../contestant';
import { LlamaSampler } from '../llama-sampler';
import { extrapolated, type Sample } from '../rollouts';
import { readTraces, tokeniser } from '../workload';

const sampler = LlamaSampler.open(12);
const encode = tokeniser();

/** Rollouts on llama.cpp, each of which runs the prefix. */
const sample: Sample = async (context, rollouts) => {
  const [{ context: prefix } = { context: [] }] = (await encode)([{ context, target: 'x' }]);
  const sampled = await (await sampler).sample(prefix, rollouts);
  const generated = sampled.reduce((sum, tokens) => sum + tokens.length, 0);
  return { generated, positions: generated + rollouts * prefix.length };
};

serve(
  async ({ file }) => {
    await Promise.all([sampler, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  (trace, way) => extrapolated(trace, way, sample),
);
