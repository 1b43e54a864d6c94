import type { Kept } from '../likelihoods/kept';
import type { RewardOf } from '../rewards/reward-of';
import type { Subject } from '../subjects';
import { mean, median } from './beliefs';

/** Scores of every step of every trace, made without any label; undefined for a trace that can't be scored. */
export type ScoreAll = (
  subjects: readonly Subject[],
  kept: Kept,
) => readonly (readonly number[] | undefined)[];

export const each =
  (of: RewardOf): ScoreAll =>
  (subjects, kept) =>
    subjects.map((subject) => of(subject, kept));

/** Robust z over all steps: what is added must be of one size. */
function standardised(scores: ReturnType<ScoreAll>): ReturnType<ScoreAll> {
  const all = scores.flatMap((steps) => steps ?? []);
  const middle = median(all);
  const scale = 1.4826 * median(all.map((score) => Math.abs(score - middle))) || 1;
  return scores.map((steps) => steps?.map((score) => (score - middle) / scale));
}

/** The sum of several scores, each standardised, each with its weight (1 where none is given). */
export const combined =
  (parts: readonly ScoreAll[], weights: readonly number[] = []): ScoreAll =>
  (subjects, kept) => {
    const scores = parts.map((part) => standardised(part(subjects, kept)));
    return subjects.map((subject, i) => {
      const mine = scores.map((part) => part[i]);
      if (mine.includes(undefined)) return undefined;
      return subject.trajectory.steps.map((_, step) =>
        mine.reduce((sum, part, p) => sum + (weights[p] ?? 1) * (part?.[step] ?? 0), 0),
      );
    });
  };

/** Each score less the median of its trace, or as its rank in the trace (0 to 1). */
export const withinTrace =
  (part: ScoreAll, how: 'centred' | 'rank' | 'z'): ScoreAll =>
  (subjects, kept) =>
    part(subjects, kept).map((steps) => steps && relative(steps, how));

function relative(steps: readonly number[], how: 'centred' | 'rank' | 'z'): number[] {
  if (how === 'rank') {
    return steps.map(
      (score) => steps.filter((other) => other < score).length / Math.max(1, steps.length - 1),
    );
  }
  const middle = median(steps);
  const scale = how === 'z' ? 1.4826 * median(steps.map((score) => Math.abs(score - middle))) || 1 : 1;
  return steps.map((score) => (score - middle) / scale);
}

/** What a straight line through some quantity of the steps, fitted over all of them without labels, does not explain. */
export const residual =
  (part: ScoreAll, quantity: (subject: Subject) => readonly number[]): ScoreAll =>
  (subjects, kept) => {
    const scores = part(subjects, kept);
    const pairs = subjects.flatMap((subject, i) => {
      const quantities = quantity(subject);
      return (scores[i] ?? []).map((score, step) => [quantities[step] ?? 0, score] as const);
    });
    const [x, y] = [mean(pairs.map(([q]) => q)), mean(pairs.map(([, score]) => score))];
    const slope =
      mean(pairs.map(([q, score]) => (q - x) * (score - y))) / (mean(pairs.map(([q]) => (q - x) ** 2)) || 1);
    return subjects.map((subject, i) => {
      const quantities = quantity(subject);
      return scores[i]?.map((score, step) => score - slope * ((quantities[step] ?? 0) - x));
    });
  };

export const logLength = ({ trajectory }: Subject): number[] =>
  trajectory.steps.map((step) => Math.log(1 + step.text.length));
export const position = ({ trajectory }: Subject): number[] => trajectory.steps.map((_, i) => i);
