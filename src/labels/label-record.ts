import type { StepLabel, Trajectory } from '../trajectory/trajectory';
import type { HumanLabel } from './human/human-labels';
import { type LabelRule, type Recordable, type ScoreRecord, type StepRecord, toRecord } from './record';

/** Who gave a step its label. */
export type LabelledBy = 'model' | 'human';

/** What the trace file itself says of right and wrong. Absent where it says nothing. */
export interface Given {
  readonly task?: string;
  /** Index of the first wrong step, -1 for none. */
  readonly firstError?: number;
  readonly answerCorrect?: boolean;
}

/** A step of a label file. */
export interface LabelledStepRecord extends StepRecord {
  /** Where a person has set the label: what the model alone would have given. */
  readonly modelLabel?: StepLabel;
  readonly modelSoftLabel?: number;
}

/**
 * A line of a label file (`<name>.cpmi.jsonl`): what `steplens score --json` prints but for the time it took, so that
 * every run writes the same bytes; and the same labels as a stepwise supervision data set (TRL) has them.
 */
export interface LabelRecord extends Omit<ScoreRecord, 'seconds' | 'steps'>, Given {
  readonly steps: readonly LabelledStepRecord[];
  /** The question. */
  readonly prompt: string;
  /** The steps' texts. */
  readonly completions: readonly string[];
  /** One a step; a neutral step is not wrong, so `true`. */
  readonly labels: readonly boolean[];
  /** One a step, in nats per token. */
  readonly rewards: readonly number[];
  readonly labelledBy: readonly LabelledBy[];
}

/** What a human verdict is as a soft label: people are taken to be sure. */
const HUMAN_SOFT: Readonly<Record<StepLabel, number>> = { correct: 1, neutral: 0.5, incorrect: 0 };

/**
 * Makes the line of a scored trace. Human labels win over the model's, in the hard and in the soft label; rewards stay.
 * @param human by step index
 */
export function toLabelRecord(
  scored: Recordable,
  rule: LabelRule,
  given: Given = {},
  human: ReadonlyMap<number, HumanLabel> = new Map(),
): LabelRecord {
  const { seconds: _, steps, ...rest } = toRecord(scored, rule);
  const labelled = steps.map((step) => withHuman(step, human.get(step.index)));
  const { task, firstError, answerCorrect } = given;
  return {
    ...rest,
    steps: labelled,
    prompt: scored.question,
    completions: steps.map((step) => step.text),
    labels: labelled.map((step) => step.label !== 'incorrect'),
    rewards: steps.map((step) => step.reward),
    labelledBy: steps.map((step) => (human.has(step.index) ? 'human' : 'model')),
    ...(task === undefined ? {} : { task }),
    ...(firstError === undefined ? {} : { firstError }),
    ...(answerCorrect === undefined ? {} : { answerCorrect }),
  };
}

/** What a file says of a trace. */
export function givenOf({ task, firstError, answerCorrect }: Trajectory): Given {
  return {
    ...(task === undefined ? {} : { task }),
    ...(firstError === undefined ? {} : { firstError }),
    ...(answerCorrect === undefined ? {} : { answerCorrect }),
  };
}

function withHuman(step: StepRecord, human: HumanLabel | undefined): LabelledStepRecord {
  if (!human) return step;
  const { label, softLabel, ...rest } = step;
  return {
    ...rest,
    softLabel: HUMAN_SOFT[human.label],
    label: human.label,
    modelSoftLabel: softLabel,
    modelLabel: label,
  };
}
