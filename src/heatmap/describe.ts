import type { TraceStore } from './model/trace-store';
import type { Numbers } from './numbers';
import type { Measure, Outcome } from './protocol';
import { fill, type StringKey, type Strings } from './strings';

/** What sentences about cells are made from. */
export interface Wording {
  readonly strings: Strings;
  readonly numbers: Numbers;
  readonly measure: Measure;
  readonly threshold: number;
}

const OUTCOME_KEY: { readonly [K in Outcome]: StringKey } = {
  right: 'right',
  wrong: 'wrong',
  unknown: 'unknown',
};

export const outcomeText = (wording: Wording, outcome: Outcome): string =>
  wording.strings[OUTCOME_KEY[outcome]];

/**
 * An id fit for one line: control characters and those that turn the reading direction are shown as a replacement
 * character, as ids come from the trace file and could otherwise disguise a label.
 */
export function plainLabel(id: string): string {
  return id.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** `gsm8k-12, step 3 of 7`. */
export function cellTitle(wording: Wording, store: TraceStore, row: number, step: number): string {
  const { strings, numbers } = wording;
  const id = plainLabel(store.id(row));
  const steps = store.steps(row);
  if (steps === 0) return fill(strings.cellNoSteps, id);
  return fill(strings.cell, id, numbers.count(step + 1), numbers.count(steps));
}

/** `reward −0.42 nats per token`, or why there is none. */
export function rewardText(wording: Wording, store: TraceStore, row: number, step: number): string {
  const { strings, numbers, measure } = wording;
  const failure = store.failure(row);
  if (failure !== undefined) return fill(strings.failed, failure);
  if (store.state(row) === 'pending') return strings.pending;
  const reward = store.reward(row, step);
  return Number.isNaN(reward) ? strings.noReward : fill(strings.reward, numbers.reward(reward), measure.unit);
}

/** Whether the step is marked as low. */
export const isLow = (wording: Wording, store: TraceStore, row: number, step: number): boolean =>
  store.reward(row, step) < wording.threshold;

/** The whole cell in one sentence, for a screen reader. */
export function cellSentence(wording: Wording, store: TraceStore, row: number, step: number): string {
  const parts = [cellTitle(wording, store, row, step)];
  if (store.steps(row) > 0) parts.push(rewardText(wording, store, row, step));
  if (isLow(wording, store, row, step)) parts.push(wording.strings.low);
  parts.push(outcomeText(wording, store.outcome(row)));
  return parts.join(', ');
}
