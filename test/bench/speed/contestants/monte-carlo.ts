import { Tensor } from 'onnxruntime-node';
import type { LikelihoodRequest } from '../../../../src/likelihood/likelihood-model';
import { serve } from '../contestant';
import { HfRunner } from '../hf-runner';
import { extrapolated, MAX_TOKENS, SAMPLING, type Sample } from '../rollouts';
import { sampleToken } from '../sampling';
import { readTraces, tokeniser } from '../workload';

const END = 2; // <|im_end|>
const runner = HfRunner.open();
const encode = tokeniser();

/** Rollouts on the product's weights and runtime: the prefix runs once, then all rollouts together, a token a pass. */
const sample: Sample = async (context, rollouts) => {
  const run = await runner;
  const request: LikelihoodRequest = { context, target: 'x' };
  const [{ context: prefix } = { context: [] }] = (await encode)([request]);
  const first = await run.run(
    BigInt64Array.from(prefix, BigInt),
    new BigInt64Array(prefix.length).fill(1n),
    [1, prefix.length],
    run.emptyCache(1),
  );
  let cache = first.cache.map((tensor) => repeated(tensor, rollouts));
  const vocabulary = first.logits.length / prefix.length;
  const last = first.logits.subarray(first.logits.length - vocabulary);
  let next = Array.from({ length: rollouts }, () => sampleToken(last, SAMPLING, Math.random));
  const ended = next.map(() => false);
  let generated = 0;
  let positions = prefix.length;
  for (let length = prefix.length + 1; ; length++) {
    next.forEach((token, row) => {
      if (!ended[row]) generated++;
      ended[row] ||= token === END;
    });
    if (length - prefix.length >= MAX_TOKENS || ended.every(Boolean)) return { generated, positions };
    const mask = new BigInt64Array(rollouts * length).fill(1n);
    const { logits, cache: grown } = await run.run(
      BigInt64Array.from(next, BigInt),
      mask,
      [rollouts, 1],
      cache,
    );
    cache = [...grown];
    positions += rollouts;
    next = next.map((_, row) =>
      sampleToken(logits.subarray(row * vocabulary, (row + 1) * vocabulary), SAMPLING, Math.random),
    );
  }
};

/** [1, …] → [rows, …]. */
function repeated(tensor: Tensor, rows: number): Tensor {
  const one = tensor.data as Float32Array;
  const all = new Float32Array(one.length * rows);
  for (let row = 0; row < rows; row++) all.set(one, row * one.length);
  return new Tensor('float32', all, [rows, ...tensor.dims.slice(1)]);
}

serve(
  async ({ file }) => {
    await Promise.all([runner, encode]);
    return readTraces(file, Number.POSITIVE_INFINITY);
  },
  (trace, way) => extrapolated(trace, way, sample),
);
