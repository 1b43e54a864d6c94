import type { ScoredStep, ScoredTrajectory } from '../../cpmi/scored';
import type { HumanLabel } from '../../labels/human/human-labels';
import type { Trajectory } from '../../trajectory/trajectory';
import { compareAnswers } from '../outcome';
import type { Outcome, ReadTrace } from '../reading/protocol';
import { alignSteps } from './align-steps';

/** What is being done for a trace's rewards. What is known of them already is `Trace.scored`. */
export type TraceState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly share: number }
  | { readonly kind: 'failed'; readonly reason: string };

export const IDLE: TraceState = { kind: 'idle' };

/**
 * One trace of an open file with all that is shown of it. The object stays the same while its content does, wherever
 * edits move it; what is computed for it is put into it, and faces only read.
 */
export class Trace {
  state: TraceState = IDLE;
  /** By number of step. */
  humanLabels: ReadonlyMap<number, HumanLabel> = new Map();
  /** Steps whose problem a person has hidden. */
  hidden: ReadonlySet<number> = new Set();
  private rewards:
    | {
        readonly of: ScoredTrajectory;
        readonly lowest: ScoredStep | undefined;
        /** Number that each step had when it was scored. */
        readonly steps: readonly (number | undefined)[];
      }
    | undefined;
  private gold: string | undefined;
  private goldOutcome: Outcome | undefined;
  private outdated = false;
  private touched = false;
  private outdatedBefore = false;

  constructor(
    private read: ReadTrace,
    /** Number in the file, from 0. */
    public index: number,
  ) {}

  get id(): string {
    return this.read.trajectory.id;
  }
  get trajectory(): Trajectory {
    return this.read.trajectory;
  }
  get siblings(): readonly string[] {
    return this.read.siblings;
  }
  /** What human labels are kept under. */
  get traceKey(): string {
    return this.read.traceKey;
  }
  get contentKey(): string {
    return this.read.contentKey;
  }

  /** A gold answer that a person gave; it goes before the file's. */
  get givenGold(): string | undefined {
    return this.gold;
  }

  /** The rewards that are known, of the trace as it is or, where `stale`, as it was. */
  get scored(): ScoredTrajectory | undefined {
    return this.rewards?.of;
  }
  /** The rewards belong to an older content or to other settings. */
  get stale(): boolean {
    return this.outdated && this.rewards !== undefined;
  }

  /** The text was changed since it was read; it is read again in a moment. */
  get edited(): boolean {
    return this.touched;
  }

  /** The reward of a step as the trace is now; of a stale trace, that of the step it was. */
  stepReward(index: number): ScoredStep | undefined {
    const was = this.rewards?.steps[index];
    return was === undefined ? undefined : this.rewards?.of.steps[was];
  }

  /** The step with the smallest reward. */
  get lowest(): ScoredStep | undefined {
    return this.rewards?.lowest;
  }

  /** Whether the trace arrives at the right answer: by the person's gold answer if there is one, else by the file. */
  get outcome(): Outcome {
    if (this.gold === undefined) return this.read.outcome;
    this.goldOutcome ??= compareAnswers(this.trajectory.finalAnswer, this.gold);
    return this.goldOutcome;
  }

  setScored(scored: ScoredTrajectory): void {
    this.rewards = { of: scored, lowest: lowestOf(scored), steps: scored.steps.map((step) => step.index) };
    this.outdated = false;
    this.state = IDLE;
  }

  setStale(): void {
    this.outdated = true;
  }

  /** Sets or takes away a person's gold answer. Rewards for another one become outdated, a failure may be mended. */
  setGivenGold(answer: string | undefined): void {
    this.gold = answer;
    this.goldOutcome = undefined;
    this.outdated = true;
    if (this.state.kind === 'failed') this.state = IDLE;
  }

  setEdited(): void {
    if (!this.touched) this.outdatedBefore = this.outdated;
    this.touched = true;
    this.outdated = true;
  }

  clear(): void {
    this.rewards = undefined;
    this.outdated = false;
    this.state = IDLE;
  }

  /** Takes over a newer reading. With another content, what rewards there are become stale. */
  update(read: ReadTrace, index: number): void {
    const changed = read.contentKey !== this.contentKey;
    if (changed && this.rewards) {
      const aligned = alignSteps(texts(this.trajectory), texts(read.trajectory));
      const known = this.rewards.steps;
      this.rewards = {
        ...this.rewards,
        steps: aligned.map((was) => (was === undefined ? undefined : known[was])),
      };
      this.outdated = true;
    }
    // An edit that was undone before the text was read again has changed nothing.
    else if (this.touched) this.outdated = this.outdatedBefore;
    if (changed) {
      this.state = IDLE;
      this.goldOutcome = undefined;
    }
    this.touched = false;
    this.read = read;
    this.index = index;
  }
}

const lowestOf = ({ steps }: ScoredTrajectory): ScoredStep | undefined =>
  steps.reduce<ScoredStep | undefined>(
    (low, step) => (low && low.reward <= step.reward ? low : step),
    undefined,
  );

const texts = (trajectory: Trajectory) => trajectory.steps.map((step) => step.text);
