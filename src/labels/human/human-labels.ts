import type { StepLabel } from '../../trajectory/trajectory';

/** A verdict that a person gave on one step. */
export interface HumanLabel {
  readonly label: StepLabel;
  readonly who: string;
  /** ISO 8601. */
  readonly when: string;
  /** The model's reward at that time, in nats per token; null where the step was not scored. */
  readonly reward: number | null;
}

/**
 * What people have set for the traces of a file: labels by step, and gold answers. Traces are named by `traceKey`, so
 * that what was set stays with what was said. Values never change; the functions below give new ones.
 */
export interface HumanLabels {
  readonly labels: ReadonlyMap<string, ReadonlyMap<number, HumanLabel>>;
  readonly gold: ReadonlyMap<string, string>;
}

export const NO_HUMAN_LABELS: HumanLabels = { labels: new Map(), gold: new Map() };

/** Sets the label of a step; `undefined` takes it away. */
export function setStepLabel(
  all: HumanLabels,
  trace: string,
  step: number,
  label: HumanLabel | undefined,
): HumanLabels {
  const steps = new Map(all.labels.get(trace));
  if (label) steps.set(step, label);
  else steps.delete(step);
  const labels = new Map(all.labels);
  if (steps.size > 0) labels.set(trace, steps);
  else labels.delete(trace);
  return { ...all, labels };
}

/** Sets the gold answer of a trace; `undefined` takes it away. */
export function setGoldAnswer(all: HumanLabels, trace: string, answer: string | undefined): HumanLabels {
  const gold = new Map(all.gold);
  if (answer === undefined) gold.delete(trace);
  else gold.set(trace, answer);
  return { ...all, gold };
}
