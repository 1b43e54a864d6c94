import { beforeTarget, paragraph, renderTemplate } from '../../../src/cpmi/templates';
import type { Text } from '../../../src/likelihood/likelihood-model';
import type { Trajectory } from '../../../src/trajectory';
import type { Count } from './contestant';

/** Sampling as the comparison in the paper does it. */
export const SAMPLING = { temperature: 0.6, topP: 0.95, topK: 20 } as const;
/** A rollout ends with the end-of-text token, or here: most of the bundled model's end before. */
export const MAX_TOKENS = 256;
const ROLLOUTS = 8;
const PROVER = 4;

/** Samples so many continuations of a text and gives the tokens that were generated, and the positions that were run. */
export type Sample = (context: Text, rollouts: number) => Promise<{ generated: number; positions: number }>;

/** What a rollout goes on from: what asks the question, and so many steps. */
export const contextOf = (asked: Text, { steps }: Trajectory, count: number): Text =>
  beforeTarget(steps.slice(0, count).reduce<Text>((text, step) => paragraph(text, step.text), asked));

/**
 * The time of Monte Carlo estimation (8 rollouts from every prefix), or of PAV (those and 4 of a prover, which start from the
 * question too), extrapolated from one prefix: the middle one of the trace.
 */
export async function extrapolated(trace: Trajectory, way: string, sample: Sample): Promise<Count> {
  const steps = trace.steps.length;
  const context = contextOf(renderTemplate(0, trace.question.text), trace, Math.ceil(steps / 2));
  const pav = way === 'pav';
  const started = performance.now();
  const { generated, positions } = await sample(context, pav ? ROLLOUTS + PROVER : ROLLOUTS);
  const seconds = (performance.now() - started) / 1000;
  const times = pav ? steps + PROVER / (ROLLOUTS + PROVER) : steps;
  return {
    seconds: seconds * times,
    generatedTokens: Math.round(generated * times),
    positions: Math.round(positions * times),
  };
}
