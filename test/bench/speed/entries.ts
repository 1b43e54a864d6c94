/** One row of the result: a way of one contestant. */
export interface Entry {
  readonly name: string;
  /** Its file in contestants/. */
  readonly script: string;
  readonly way: string;
  /** Whether it scores every trace of a round; the slow ones score one. */
  readonly whole?: boolean;
  /** The ratio that it counts for, where it is not ours. The fastest entry of a ratio is taken. */
  readonly ratio?: RatioName;
}

export const RATIOS = ['authors', 'transformersjs', 'llamacpp', 'monteCarlo', 'pav'] as const;
export type RatioName = (typeof RATIOS)[number];

/** What every ratio is taken against. */
export const OURS = 'Steplens, incremental';

export const ENTRIES: readonly Entry[] = [
  { name: OURS, script: 'ours', way: 'incremental', whole: true },
  { name: 'Steplens, marginal', script: 'ours', way: 'marginal', whole: true },
  { name: 'Steplens, incremental, templates after the steps', script: 'ours', way: 'after', whole: true },
  { name: 'Steplens, incremental, K = 1', script: 'ours', way: 'one', whole: true },
  { name: 'Steplens, the defaults (lasting, K = 1)', script: 'ours', way: 'defaults', whole: true },
  { name: 'Steplens, incremental, 32 bits', script: 'ours-fp32', way: 'incremental' },
  { name: "Authors' loop, batches of 12", script: 'authors', way: 'batches', ratio: 'authors' },
  { name: "Authors' loop, marginal, batches of 12", script: 'authors', way: 'marginal batches' },
  { name: "Authors' loop, after the steps, batches of 12", script: 'authors', way: 'after batches' },
  {
    name: "Authors' loop, one by one, scoring graph",
    script: 'authors',
    way: 'one by one',
    ratio: 'authors',
  },
  { name: "Authors' loop, marginal, one by one", script: 'authors', way: 'marginal one by one' },
  { name: "Authors' loop, after the steps, one by one", script: 'authors', way: 'after one by one' },
  {
    name: "Authors' loop, transformers.js",
    script: 'transformersjs',
    way: 'batches',
    ratio: 'transformersjs',
  },
  { name: 'llama.cpp, cache reused', script: 'llamacpp', way: 'reuse', ratio: 'llamacpp' },
  { name: 'Monte Carlo, ONNX Runtime', script: 'monte-carlo', way: 'mc', ratio: 'monteCarlo' },
  { name: 'Monte Carlo, llama.cpp', script: 'monte-carlo-llamacpp', way: 'mc', ratio: 'monteCarlo' },
  { name: 'PAV, ONNX Runtime', script: 'monte-carlo', way: 'pav', ratio: 'pav' },
  { name: 'PAV, llama.cpp', script: 'monte-carlo-llamacpp', way: 'pav', ratio: 'pav' },
];
