import type { CpmiSettings } from '../../cpmi/settings';
import type { Trajectory } from '../../trajectory/trajectory';

/** Characters of English, mathematics or code that make one token, roughly. */
const CHARACTERS_PER_TOKEN = 3.3;
/** Tokens of a template's instruction, of a short one after the steps, and of "The answer is: …" behind each context. */
const INSTRUCTION = 40;
const CLOSING = 4;
const TARGET = 9;

/**
 * Roughly how many tokens run through the model to score a trace: its text once a template (once in all where templates
 * follow the steps), and every answer behind every context. For limits and for the time left; nothing exact hangs on it.
 */
export function estimateCost(
  trajectory: Trajectory,
  { estimator, templates, templatePosition, negatives }: CpmiSettings,
): number {
  const characters = trajectory.steps.reduce(
    (sum, step) => sum + step.text.length + (step.observation?.text.length ?? 0),
    trajectory.question.text.length,
  );
  const steps = trajectory.steps.length;
  const text = INSTRUCTION + characters / CHARACTERS_PER_TOKEN;
  const read = estimator === 'leave-one-out' ? (text * (steps + 1)) / 2 : text;
  const targets = (steps + 1) * (1 + negatives) * TARGET;
  return templatePosition === 'before'
    ? Math.round(templates * (read + targets))
    : Math.round(read + templates * ((steps + 1) * CLOSING + targets));
}
