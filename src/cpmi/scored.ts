import type { Negative, StepLabel } from '../trajectory/trajectory';
import type { Estimator } from './settings';

/** Where the answer that was scored as gold came from. `final` is the agnostic mode: the trace's own final answer. */
export type GoldSource = 'file' | 'given' | 'final';

/** What one prompt template says of one step. Units: nats per token of the target sentence. */
export interface TemplateGain {
  /** ℓ(gold | after) − ℓ(gold | before). */
  readonly gold: number;
  /** The same difference for each wrong answer, in the order of `ScoredTrajectory.negatives`. */
  readonly negatives: readonly number[];
}

export interface ScoredStep {
  readonly index: number;
  readonly text: string;
  /** goldGain − w · contrastGain, the mean over templates; nats per token. */
  readonly reward: number;
  /** Pointwise mutual information of the step and the gold answer; nats per token. */
  readonly goldGain: number;
  /** Mean gain of the wrong answers; null where there was none to contrast with. */
  readonly contrastGain: number | null;
  /** Share of probability that gold holds among gold and the negatives, before and after this step; null without negatives. */
  readonly goldShare: { readonly before: number; readonly after: number } | null;
  readonly byTemplate: readonly TemplateGain[];
  /** Reward as a label in (0,1); see labels/. */
  readonly softLabel: number;
  readonly label: StepLabel;
}

/** Positions (tokens) run through the model for one trajectory: what the trie saved. */
export interface Cost {
  /** What separate passes over each context and target would have run. */
  readonly naivePositions: number;
  /** Distinct token prefixes among them. */
  readonly distinctPositions: number;
  /** Positions that were computed. */
  readonly computedPositions: number;
  readonly passes: number;
}

/** A trajectory with a reward on every step. The JSON that `steplens score --json` prints is made from this. */
export interface ScoredTrajectory {
  readonly id: string;
  readonly question: string;
  readonly goldAnswer: string;
  readonly goldSource: GoldSource;
  readonly finalAnswer: string | null;
  readonly negatives: readonly Negative[];
  readonly estimator: Estimator;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly steps: readonly ScoredStep[];
  readonly cost: Cost;
  readonly seconds: number;
  /** What the reader of these rewards should know: no negative found, agnostic mode, context cut. */
  readonly warnings: readonly string[];
}
