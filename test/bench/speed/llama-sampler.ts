import { type LlamaSequence, openLlama } from './llama';
import { MAX_TOKENS, SAMPLING } from './rollouts';

/** Samples continuations on llama.cpp: one sequence each, which its scheduler runs together. */
export class LlamaSampler {
  private constructor(private readonly sequences: readonly SampledSequence[]) {}

  static async open(rollouts: number): Promise<LlamaSampler> {
    const { sequences, eos } = await openLlama(rollouts, 2048);
    return new LlamaSampler(sequences.map((sequence, i) => new SampledSequence(sequence, eos, i)));
  }

  /** @param rollouts at most as many as the sampler was opened for */
  sample(prefix: readonly number[], rollouts = this.sequences.length): Promise<number[][]> {
    return Promise.all(this.sequences.slice(0, rollouts).map((sequence) => sequence.sample(prefix)));
  }
}

class SampledSequence {
  /** The last prefix, which the sequence's cache still holds. */
  private held: readonly number[] = [];

  constructor(
    private readonly sequence: LlamaSequence,
    private readonly eos: number | null,
    /** Without one of its own, every sequence would draw alike. */
    private readonly seed: number,
  ) {}

  /** A continuation without what ends it. What the prefix has in common with the last one is not run again. */
  async sample(prefix: readonly number[]): Promise<number[]> {
    const differs = prefix.findIndex((token, i) => token !== this.held[i]);
    // The last token has to run, as what follows it is asked.
    const common = Math.min(differs < 0 ? prefix.length : differs, prefix.length - 1);
    const end = this.sequence.nextTokenIndex;
    if (common < end) await this.sequence.eraseContextTokenRanges([{ start: common, end }]);
    this.held = prefix;
    const tokens: number[] = [];
    for await (const token of this.sequence.evaluate(prefix.slice(common), {
      ...SAMPLING,
      seed: this.seed,
    })) {
      if (token === this.eos) break;
      tokens.push(token);
      if (tokens.length >= MAX_TOKENS) break;
    }
    return tokens;
  }
}
