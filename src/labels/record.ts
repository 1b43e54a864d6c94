import type { GoldSource, ScoredStep, ScoredTrajectory } from '../cpmi/scored';
import type { Estimator } from '../cpmi/settings';
import type { ModelId, Work } from '../likelihood/likelihood-model';
import type { Negative, StepLabel } from '../trajectory/trajectory';
import { hardLabel, type SoftLabelScale, softLabel } from './soft-label';

/** One scored trajectory as `steplens score --json` prints it. Rewards and gains are in nats per token. */
export interface ScoreRecord {
  readonly id: string;
  readonly question: string;
  readonly goldAnswer: string;
  readonly goldSource: GoldSource;
  readonly finalAnswer: string | null;
  readonly negatives: readonly Negative[];
  readonly estimator: Estimator;
  readonly model: ModelId;
  readonly steps: readonly StepRecord[];
  readonly cost: Work;
  readonly seconds: number;
  /** What the reader of these rewards should know; absent where there is nothing. */
  readonly warning?: string;
}

export interface StepRecord {
  readonly index: number;
  readonly text: string;
  readonly reward: number;
  readonly goldGain: number;
  readonly contrastGain: number | null;
  readonly softLabel: number;
  readonly label: StepLabel;
}

/** Which scale makes soft labels, and from which reward on a step counts as correct (default: soft label 0.5). */
export interface LabelRule {
  readonly scale: SoftLabelScale;
  readonly threshold?: number;
}

/** What of a scored trajectory a record is made of. */
export type Recordable = Omit<ScoredTrajectory, 'steps'> & {
  readonly steps: readonly Pick<ScoredStep, 'index' | 'text' | 'reward' | 'goldGain' | 'contrastGain'>[];
};

export function toRecord(scored: Recordable, { scale, threshold }: LabelRule): ScoreRecord {
  return {
    id: scored.id,
    question: scored.question,
    goldAnswer: scored.goldAnswer,
    goldSource: scored.goldSource,
    finalAnswer: scored.finalAnswer,
    negatives: scored.negatives,
    estimator: scored.settings.estimator,
    model: scored.model,
    steps: scored.steps.map(({ index, text, reward, goldGain, contrastGain }) => ({
      index,
      text,
      reward,
      goldGain,
      contrastGain,
      softLabel: softLabel(reward, scale),
      label: hardLabel(reward, scale, threshold),
    })),
    cost: scored.cost,
    seconds: scored.seconds,
    ...(scored.warnings.length ? { warning: scored.warnings.join('; ') } : {}),
  };
}
