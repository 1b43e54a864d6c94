import type { TokenRequest } from './workload';

export function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Requests as one padded batch: row after row, each of `width` ids, and a mask of the real ones. */
export interface PaddedBatch {
  readonly rows: number;
  readonly width: number;
  readonly ids: BigInt64Array;
  readonly mask: BigInt64Array;
}

export function padded(requests: readonly TokenRequest[]): PaddedBatch {
  const texts = requests.map(({ context, target }) => [...context, ...target]);
  const width = Math.max(...texts.map((text) => text.length));
  const ids = new BigInt64Array(texts.length * width);
  const mask = new BigInt64Array(texts.length * width);
  texts.forEach((text, row) => {
    ids.set(text.map(BigInt), row * width);
    mask.fill(1n, row * width, row * width + text.length);
  });
  return { rows: texts.length, width, ids, mask };
}

/** Sum of log p of each request's target, from the logits [rows, width, vocabulary] of a padded batch. */
export function targetLogProbs(
  requests: readonly TokenRequest[],
  width: number,
  logits: Float32Array,
): number[] {
  const vocabulary = logits.length / requests.length / width;
  return requests.map(({ context, target }, row) =>
    target.reduce((sum, token, i) => {
      const at = (row * width + context.length + i - 1) * vocabulary;
      return sum + logSoftmax(logits.subarray(at, at + vocabulary), token);
    }, 0),
  );
}

function logSoftmax(logits: Float32Array, token: number): number {
  let peak = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > peak) peak = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - peak);
  return (logits[token] ?? Number.NaN) - peak - Math.log(sum);
}
