import type { LabelledStep } from './steps';
import type { EvaluatedTrajectory } from './trajectory';

/** What can be said of a step without a model. Each is turned so that higher should mean correct. */
export const BASELINES = [
  'being short',
  'bringing few new numbers',
  'standing early',
  'holding the gold answer',
  'in a trace that arrives at the gold answer',
] as const;
export type Baseline = (typeof BASELINES)[number];

const NUMBER = /\d+(?:[.,]\d+)*/g;

/** The numbers of a text as written but for thousands separators. */
function numbersOf(text: string): Set<string> {
  return new Set((text.match(NUMBER) ?? []).map((number) => number.replaceAll(',', '')));
}

/** For each step how many numbers stand in it that the question and the steps before it don't have. */
function newNumbers({ question, stepTexts = [] }: EvaluatedTrajectory): number[] {
  const seen = numbersOf(question ?? '');
  return stepTexts.map((text) => {
    const fresh = [...numbersOf(text)].filter((number) => !seen.has(number));
    for (const number of fresh) seen.add(number);
    return fresh.length;
  });
}

/** Whether a text holds the answer: as a number, not as part of one; as words, whatever their case. */
function holdsAnswer(text: string, answer: string): boolean {
  const gold = answer.replace(/(?<=\d),(?=\d{3})/g, '').toLowerCase();
  const plain = text.replace(/(?<=\d),(?=\d{3})/g, '').toLowerCase();
  for (let at = plain.indexOf(gold); gold !== '' && at >= 0; at = plain.indexOf(gold, at + 1)) {
    const [before, behind] = [
      plain.slice(Math.max(0, at - 2), at),
      plain.slice(at + gold.length, at + gold.length + 2),
    ];
    const joinedBefore = /^[\p{L}\d]/u.test(gold) && /[\p{L}\d]$|\d\.$/u.test(before);
    const joinedBehind = /[\p{L}\d]$/u.test(gold) && /^[\p{L}\d]|^\.\d/u.test(behind);
    if (!joinedBefore && !joinedBehind) return true;
  }
  return false;
}

/** The steps' lengths, from the texts where none are given; undefined where there are neither. */
export function lengthsOf({ stepLengths, stepTexts }: EvaluatedTrajectory): readonly number[] | undefined {
  return stepLengths ?? stepTexts?.map((text) => text.length);
}

function scoresOf(trajectory: EvaluatedTrajectory, baseline: Baseline): readonly number[] | undefined {
  const { rewards, stepTexts, goldAnswer, arrives } = trajectory;
  switch (baseline) {
    case 'being short':
      return lengthsOf(trajectory)?.map((length) => -length);
    case 'bringing few new numbers':
      return stepTexts === undefined ? undefined : newNumbers(trajectory).map((count) => -count);
    case 'standing early':
      return rewards.map((_, step) => -step);
    case 'holding the gold answer':
      if (goldAnswer === undefined) return undefined;
      return stepTexts?.map((text) => (holdsAnswer(text, goldAnswer) ? 1 : 0));
    case 'in a trace that arrives at the gold answer':
      return arrives === undefined ? undefined : rewards.map(() => Number(arrives));
  }
}

/**
 * A baseline's score for each of the steps; undefined where a trajectory lacks what it is computed from.
 * @param trajectories what the steps were taken from, in the same order
 */
export function baselineScores(
  trajectories: readonly EvaluatedTrajectory[],
  steps: readonly LabelledStep[],
  baseline: Baseline,
): number[] | undefined {
  const byTrajectory = trajectories.map((trajectory) => scoresOf(trajectory, baseline));
  const scores: number[] = [];
  for (const { trajectory, step } of steps) {
    const score = byTrajectory[trajectory]?.[step];
    if (score === undefined) return undefined;
    scores.push(score);
  }
  return scores;
}
