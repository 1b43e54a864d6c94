import type { LlamaConfig, RopeScaling } from './llama';

/**
 * θ^(2i/d) for each pair of a head's dimensions, times what the model's scaling makes of it: position p is rotated by
 * p / period.
 */
export function rotaryPeriods(config: LlamaConfig): Float64Array {
  const { head_dim: dim, rope_theta: theta, rope_scaling: scaling } = config;
  return new Float64Array(dim / 2).map((_, i) => {
    const period = theta ** ((2 * i) / dim);
    return scaling ? period * stretch(scaling, period, i) : period;
  });
}

function stretch(scaling: RopeScaling, period: number, i: number): number {
  switch (scaling.rope_type) {
    case 'linear':
      return scaling.factor;
    case 'factors':
      return scaling.factors[i] ?? 1;
    case 'llama3': {
      // Long waves are stretched by the factor, short ones not at all, those between by something between: how many of
      // them the original window holds decides.
      const { factor, low_freq_factor: low, high_freq_factor: high } = scaling;
      const waves = scaling.original_max_position_embeddings / (2 * Math.PI * period);
      const blend = Math.min(1, Math.max(0, (waves - low) / (high - low)));
      return 1 / ((1 - blend) / factor + blend);
    }
  }
}
