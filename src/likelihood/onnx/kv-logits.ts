import type { Tensor } from 'onnxruntime-common';
import { fromFloat16 } from './float16';
import { rawFloats } from './kv-cache';

/** Rows of logits [batch, kept tokens, vocabulary]; what is read of them is turned into log-probabilities one by one. */
export class KvLogits {
  readonly vocabulary: number;
  private readonly values: Float32Array | Uint16Array;
  private readonly kept: number;

  /** @param tokens tokens of a row that went in; a graph may give the logits of the last ones only */
  constructor(
    tensor: Tensor,
    rows: number,
    private readonly tokens: number,
  ) {
    const [batch, kept = 0, vocabulary = 0] = tensor.dims;
    if (tensor.dims.length !== 3 || batch !== rows || kept > tokens || vocabulary < 1) {
      throw new Error(`logits have the shape [${tensor.dims.join()}] after ${rows} rows of ${tokens} tokens`);
    }
    this.kept = kept;
    this.vocabulary = vocabulary;
    this.values = rawFloats(tensor);
  }

  /**
   * log p(target | everything up to token `index` of the row), in nats, for each target: log softmax over the vocabulary,
   * summed in double precision after the largest logit is taken off.
   * @throws {Error} where the logits are no numbers, or do not reach back to this token
   */
  logProbs(row: number, index: number, targets: readonly number[]): number[] {
    const logits = this.row(row, index);
    let peak = Number.NEGATIVE_INFINITY;
    for (const logit of logits) if (logit > peak) peak = logit;
    let sum = 0;
    for (const logit of logits) sum += Math.exp(logit - peak);
    const normaliser = peak + Math.log(sum);
    // A NaN anywhere, +∞, or a row of nothing but −∞ all end here.
    if (!Number.isFinite(normaliser)) throw new Error("the model's logits are not finite numbers");
    return targets.map((token) => (logits[token] ?? Number.NaN) - normaliser);
  }

  private row(row: number, index: number): Float32Array {
    const at = index - (this.tokens - this.kept);
    if (at < 0) throw new Error(`the graph gives logits of the last ${this.kept} tokens only`);
    const start = (row * this.kept + at) * this.vocabulary;
    const values = this.values.subarray(start, start + this.vocabulary);
    return values instanceof Float32Array ? values : Float32Array.from(values, fromFloat16);
  }
}
