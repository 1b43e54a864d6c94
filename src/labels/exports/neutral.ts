import type { StoredStep, StoredTrace } from '../stored';

/** What becomes of neutral steps in a format that knows right and wrong only. */
export type NeutralAs = 'drop' | 'correct' | 'incorrect';

export const NEUTRAL_AS: readonly NeutralAs[] = ['drop', 'correct', 'incorrect'];

/**
 * A trace without neutral labels. `drop` gives no verdict on a neutral step: its text is put in front of the next step,
 * whose label and numbers stand for both, so that the reasoning stays whole; a trace ends before neutral steps at its end.
 * @returns undefined where `drop` leaves no step
 */
export function withoutNeutral(trace: StoredTrace, as: NeutralAs): StoredTrace | undefined {
  if (as !== 'drop') {
    const steps = trace.steps.map((step) => (step.label === 'neutral' ? { ...step, label: as } : step));
    return { ...trace, steps };
  }
  const steps: StoredStep[] = [];
  let waiting: string[] = [];
  for (const step of trace.steps) {
    if (step.label === 'neutral') waiting.push(step.text);
    else {
      steps.push({ ...step, text: [...waiting, step.text].join('\n\n') });
      waiting = [];
    }
  }
  return steps.length === 0 ? undefined : { ...trace, steps };
}

/** The first neutral step, from 0; -1 where there is none. */
export const firstNeutral = ({ steps }: StoredTrace): number =>
  steps.findIndex((step) => step.label === 'neutral');
