import type { ModelId, Work } from '../likelihood/likelihood-model';
import type { Negative } from '../trajectory/trajectory';
import type { CpmiSettings } from './settings';

/**
 * Where the answer that was scored as gold came from. `final` is the agnostic mode: the trace's own final answer.
 * `verdict`: no answer was asked for, but whether each step is correct; "gold" is the verdict Yes, the one negative is No.
 */
export type GoldSource = 'file' | 'given' | 'final' | 'verdict';

/** Whether a right answer was known: the trace's own final answer and verdicts stand for none. */
export const isGoldKnown = (source: GoldSource): boolean => source === 'file' || source === 'given';

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
  /** goldGain − w · contrastGain; nats per token. */
  readonly reward: number;
  /** Pointwise mutual information of the step and the gold answer, the mean over templates; nats per token. */
  readonly goldGain: number;
  /** Mean gain of the wrong answers over answers and templates; null where there was none to contrast with. */
  readonly contrastGain: number | null;
  /** Gold's share of the probability of gold and negatives, before and after the step; null without negatives. */
  readonly goldShare: { readonly before: number; readonly after: number } | null;
  /** The same where gold is furthest ahead before the step, and from it on; with `lasting`, which compares these. */
  readonly bestShare?: { readonly before: number; readonly after: number };
  readonly byTemplate: readonly TemplateGain[];
}

/** A trajectory with a reward on every step. */
export interface ScoredTrajectory {
  readonly id: string;
  readonly question: string;
  readonly goldAnswer: string;
  readonly goldSource: GoldSource;
  readonly finalAnswer: string | null;
  readonly negatives: readonly Negative[];
  readonly settings: CpmiSettings;
  readonly model: ModelId;
  readonly steps: readonly ScoredStep[];
  readonly cost: Work;
  readonly seconds: number;
  /** What the reader of these rewards should know: no negative found, agnostic mode, a context that was cut. */
  readonly warnings: readonly string[];
}
