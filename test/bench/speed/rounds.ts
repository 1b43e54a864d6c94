import type { Trajectory } from '../../../src/trajectory';
import { readTraces } from './workload';

const TRACES = 40;
const ROUNDS = 5;

/**
 * The first 40 traces dealt out to five rounds, so that each round is a sample of all. The trace that stands for a round where
 * a contestant is slow is one of the shorter ones (the first quartile), where sharing gains less than on average. Quick: one round of the shortest trace.
 */
export async function planRounds(file: string, quick: boolean): Promise<number[][]> {
  const traces = await readTraces(file, TRACES);
  if (traces.length === 0) throw new Error(`${file} holds no trace with steps`);
  const byLength = [...traces.keys()].sort((a, b) => work(traces[a]) - work(traces[b]));
  if (quick) return [byLength.slice(0, 1)];
  return Array.from({ length: Math.min(ROUNDS, traces.length) }, (_, r) => {
    const dealt = byLength.filter((index) => index % ROUNDS === r);
    const short = dealt[Math.floor(dealt.length / 4)];
    return dealt.sort((a, b) => Number(b === short) - Number(a === short));
  });
}

/** Roughly what separate passes take: every context reads the question and some of the steps. */
function work(trace: Trajectory | undefined): number {
  if (!trace) return 0;
  const text = trace.steps.reduce((sum, step) => sum + step.text.length, trace.question.text.length);
  return (trace.steps.length + 1) * text;
}
