import type { ScoredStep, ScoredTrajectory } from '../../cpmi/scored';
import type { Trajectory } from '../../trajectory/trajectory';

/** Rewards as they are kept: without the trace's own text, which the file holds. */
export type Stored = Omit<ScoredTrajectory, 'id' | 'question' | 'steps'> & {
  readonly steps: readonly Omit<ScoredStep, 'text'>[];
};

export function toStored({ id: _id, question: _question, steps, ...rest }: ScoredTrajectory): Stored {
  return { ...rest, steps: steps.map(({ text: _text, ...step }) => step) };
}

/** Puts stored rewards back on their trajectory; undefined where what was stored is not of it, or is damaged. */
export function fromStored(value: unknown, trajectory: Trajectory): ScoredTrajectory | undefined {
  if (!isStored(value) || value.steps.length !== trajectory.steps.length) return undefined;
  return {
    ...value,
    id: trajectory.id,
    question: trajectory.question.text,
    steps: value.steps.map((step, index) => ({ ...step, index, text: trajectory.steps[index]?.text ?? '' })),
  };
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const of = value as Partial<Record<keyof Stored, unknown>>;
  return (
    typeof of.goldAnswer === 'string' &&
    typeof of.goldSource === 'string' &&
    Array.isArray(of.negatives) &&
    Array.isArray(of.warnings) &&
    typeof of.model === 'object' &&
    typeof of.settings === 'object' &&
    Array.isArray(of.steps) &&
    of.steps.every(isStep)
  );
}

function isStep(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const of = value as Partial<Record<keyof ScoredStep, unknown>>;
  return (
    Number.isFinite(of.reward) &&
    Number.isFinite(of.goldGain) &&
    (of.contrastGain === null || Number.isFinite(of.contrastGain)) &&
    Array.isArray(of.byTemplate)
  );
}
