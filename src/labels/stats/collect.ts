import { isGoldKnown } from '../../cpmi/scored';
import { answersEqual } from '../../trajectory/answers';
import type { StepLabel } from '../../trajectory/trajectory';
import { Numbers } from '../numbers';
import type { StoredTrace } from '../stored';
import { type Agreement, AgreementCount } from './kappa';
import { type Histogram, histogram, type Summary, summarise } from './summary';

/** Whether a trace arrives at the gold answer. */
export type Outcome = 'right' | 'wrong' | 'unknown';
const OUTCOMES: readonly Outcome[] = ['right', 'wrong', 'unknown'];

export interface LabelBalance {
  readonly correct: number;
  readonly neutral: number;
  readonly incorrect: number;
}

export interface PositionStats {
  /** Steps from this one to that one, counted from 1; `to` is null for the last, open group. */
  readonly from: number;
  readonly to: number | null;
  readonly rewards: Summary;
  readonly labels: LabelBalance;
}

export interface OutcomeStats {
  readonly outcome: Outcome;
  readonly traces: number;
  /** Rewards of all of their steps. */
  readonly rewards: Summary;
  /** The lowest reward of each trace. */
  readonly lowest: Summary;
  readonly labels: LabelBalance;
}

export interface LowStep {
  readonly id: string;
  /** From 1. */
  readonly step: number;
  readonly reward: number;
  /** The step's beginning. */
  readonly text: string;
}

/** What a label file holds, in numbers. Rewards are in nats per token. */
export interface LabelStats {
  readonly traces: number;
  readonly steps: number;
  readonly models: readonly string[];
  readonly rewards: Summary;
  readonly histogram: Histogram | null;
  readonly byPosition: readonly PositionStats[];
  readonly byOutcome: readonly OutcomeStats[];
  readonly labels: LabelBalance & { readonly byHuman: number };
  /** Traces with a step labelled incorrect. */
  readonly tracesWithIncorrect: number;
  readonly agreement: {
    /** With the labels that people have set; neutral ones are left out, as the model never says so. */
    readonly human: Agreement;
    /** With the first error that the trace file names, on the steps up to and including it. */
    readonly given: Agreement;
  };
  readonly lowest: readonly LowStep[];
}

/** First steps of the groups of positions: one by one as far as most traces go, then wider. */
const GROUPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 21, 31, 51, 101];
const LOWEST = 10;
const LONGEST_TEXT = 240;

class Group {
  readonly rewards = new Numbers();
  readonly lowest = new Numbers();
  readonly labels: Record<StepLabel, number> = { correct: 0, neutral: 0, incorrect: 0 };
  traces = 0;

  add(reward: number, label: StepLabel): void {
    this.rewards.add(reward);
    this.labels[label]++;
  }
}

/** Collects the statistics of scored traces, one after the other. Memory: some numbers a step. */
export class StatsCollector {
  private readonly all = new Group();
  private readonly positions = GROUPS.map(() => new Group());
  private readonly outcomes = new Map(OUTCOMES.map((outcome) => [outcome, new Group()]));
  private readonly human = new AgreementCount();
  private readonly given = new AgreementCount();
  private readonly models = new Set<string>();
  private low: LowStep[] = [];
  private byHuman = 0;
  private withIncorrect = 0;

  add(trace: StoredTrace): void {
    const { id, steps, firstError } = trace;
    const outcome = this.outcomes.get(outcomeOf(trace));
    let lowest = Number.POSITIVE_INFINITY;
    for (const [i, step] of steps.entries()) {
      const { reward, label } = step;
      this.all.add(reward, label);
      this.positions[groupOf(i + 1)]?.add(reward, label);
      outcome?.add(reward, label);
      lowest = Math.min(lowest, reward);
      const model = step.modelLabel === 'correct';
      if (step.labelledBy === 'human') {
        this.byHuman++;
        if (label !== 'neutral') this.human.add(model, label === 'correct');
      }
      if (firstError !== undefined && (firstError < 0 || i <= firstError))
        this.given.add(model, i !== firstError);
      this.noteLow({ id, step: i + 1, reward, text: step.text.slice(0, LONGEST_TEXT) });
    }
    for (const group of [this.all, outcome]) {
      if (!group) continue;
      group.traces++;
      group.lowest.add(lowest);
    }
    if (steps.some((step) => step.label === 'incorrect')) this.withIncorrect++;
    if (trace.model) this.models.add(trace.model.name);
  }

  get result(): LabelStats {
    return {
      traces: this.all.traces,
      steps: this.all.rewards.count,
      models: [...this.models],
      rewards: summarise(this.all.rewards),
      histogram: histogram(this.all.rewards),
      byPosition: this.positions.flatMap((group, i) => {
        const next = GROUPS[i + 1];
        const place = { from: GROUPS[i] ?? 1, to: next === undefined ? null : next - 1 };
        return group.rewards.count === 0
          ? []
          : [{ ...place, rewards: summarise(group.rewards), labels: { ...group.labels } }];
      }),
      byOutcome: [...this.outcomes].flatMap(([outcome, { traces, rewards, lowest, labels }]) =>
        traces === 0
          ? []
          : [
              {
                outcome,
                traces,
                rewards: summarise(rewards),
                lowest: summarise(lowest),
                labels: { ...labels },
              },
            ],
      ),
      labels: { ...this.all.labels, byHuman: this.byHuman },
      tracesWithIncorrect: this.withIncorrect,
      agreement: { human: this.human.result, given: this.given.result },
      lowest: this.low,
    };
  }

  private noteLow(step: LowStep): void {
    const highest = this.low.at(-1);
    if (this.low.length >= LOWEST && highest && step.reward >= highest.reward) return;
    this.low = [...this.low, step].sort((a, b) => a.reward - b.reward).slice(0, LOWEST);
  }
}

/** The group that a position (from 1) belongs to. */
const groupOf = (position: number): number => GROUPS.findLastIndex((from) => from <= position);

function outcomeOf({ answerCorrect, goldSource, goldAnswer, finalAnswer }: StoredTrace): Outcome {
  if (answerCorrect !== undefined) return answerCorrect ? 'right' : 'wrong';
  if (!isGoldKnown(goldSource) || finalAnswer === null) return 'unknown';
  return answersEqual(finalAnswer, goldAnswer) ? 'right' : 'wrong';
}
