import type { Outcome, RowBatch } from '../../src/heatmap/protocol';

/** Made-up traces, the same on every run: rewards that drift up in right traces and break down in wrong ones. */
export function makeTraces(
  count: number,
  options: { readonly steps?: number; readonly scored?: boolean } = {},
): RowBatch {
  const random = generator(count + 7);
  const ids: string[] = [];
  const lines: number[] = [];
  const formats: string[] = [];
  const outcomes: Outcome[] = [];
  const steps: number[] = [];
  const rewards: number[] = [];
  for (let row = 0; row < count; row++) {
    const wrong = random() < 0.4;
    const length = options.steps ?? 3 + Math.floor(random() * 7);
    const fault = wrong ? Math.floor(random() * length) : -1;
    ids.push(`${row % 3 === 0 ? 'gsm8k' : 'math'}-${String(row).padStart(4, '0')}`);
    lines.push(row + 1);
    formats.push(row % 3 === 0 ? 'processbench' : 'prm800k');
    outcomes.push(row % 7 === 6 ? 'unknown' : wrong ? 'wrong' : 'right');
    steps.push(length);
    for (let step = 0; step < length; step++) {
      const noise = (random() - 0.45) * 0.4;
      const rise = wrong ? 0 : 0.35 * ((step + 1) / length) * random();
      const fall = step === fault ? -0.35 - random() * 0.6 : 0;
      rewards.push(Math.fround(noise + rise + fall));
    }
  }
  const batch = { start: 0, ids, lines, formats, outcomes, steps };
  return options.scored === false ? batch : { ...batch, rewards };
}

/** The rewards of one row of a batch. */
export function rewardsOf(batch: RowBatch, row: number): number[] {
  const start = batch.steps.slice(0, row).reduce((sum, steps) => sum + steps, 0);
  return Array.from(batch.rewards ?? [])
    .slice(start, start + (batch.steps[row] ?? 0))
    .map((reward) => reward ?? Number.NaN);
}

/** Traces of `steps` steps each in portions of 5,000, their rewards as bytes. */
export function makePortions(count: number, steps: number, size = 5000): RowBatch[] {
  const all = makeTraces(count, { steps });
  const rewards = Float32Array.from(all.rewards ?? [], (reward) => reward ?? Number.NaN);
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => {
    const [from, to] = [i * size, (i + 1) * size];
    return {
      start: from,
      ids: all.ids.slice(from, to),
      lines: all.lines.slice(from, to),
      formats: all.formats.slice(from, to),
      outcomes: all.outcomes.slice(from, to),
      steps: all.steps.slice(from, to),
      rewards: rewards.slice(from * steps, to * steps),
    };
  });
}

/** A linear congruential generator: enough for pictures, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
