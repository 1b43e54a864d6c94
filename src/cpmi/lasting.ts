import type { StepContexts } from './plan';

/**
 * The contexts by which each step is compared for its lasting effect: up to the step's `before` the one where gold is
 * furthest ahead, and likewise from its `after` on. A difference below 0 says that what this step lost never comes back.
 * @param steps their contexts, in the order of the trace
 * @param leads how far gold is ahead in each context, in nats per token
 */
export function lastingContexts(steps: readonly StepContexts[], leads: readonly number[]): StepContexts[] {
  const lead = (context: number) => leads[context] ?? Number.NEGATIVE_INFINITY;
  const better = (a: number, b: number) => (lead(b) > lead(a) ? b : a);
  const all = leads.map((_, context) => context);
  const upTo: number[] = [];
  for (const context of all) upTo.push(better(upTo.at(-1) ?? context, context));
  const from: number[] = [...all];
  for (const context of all.toReversed()) from[context] = better(context, from[context + 1] ?? context);
  return steps.map(({ before, after }) => ({
    before: before === null ? null : (upTo[before] ?? before),
    after: from[after] ?? after,
  }));
}
