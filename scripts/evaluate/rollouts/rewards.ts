import { answersEqual, readFinalAnswer } from '../../../src/trajectory/answers';
import type { RewardOf } from '../rewards/reward-of';
import type { Subject } from '../subjects';
import type { KeptRollouts, Rollouts } from './kept-rollouts';

/** So many of a prefix's rollouts are the policy's, those behind them the prover's. */
export const POLICY_ROLLOUTS = 8;

/** Monte Carlo: the share of the policy's rollouts after a step that end in gold. */
export const monteCarlo =
  (kept: KeptRollouts): RewardOf =>
  (subject) =>
    ofTrace(kept, subject)
      ?.slice(1)
      .map((rollouts) => policyShare(subject, rollouts));

/** PAV: Monte Carlo's share, and what the step adds to a prover's: Q_policy(i) + Q_prover(i) − Q_prover(i − 1). */
export const pav =
  (kept: KeptRollouts): RewardOf =>
  (subject) => {
    const all = ofTrace(kept, subject);
    const prover = all?.map(({ texts }, prefix) => goldShare(subject, prefix, texts.slice(POLICY_ROLLOUTS)));
    return all
      ?.slice(1)
      .map((after, i) => policyShare(subject, after) + (prover?.[i + 1] ?? 0) - (prover?.[i] ?? 0));
  };

const ofTrace = (kept: KeptRollouts, { id, trajectory }: Subject): Rollouts[] | undefined =>
  kept.ofTrace(id, trajectory.steps.length);

const policyShare = (subject: Subject, { prefix, texts }: Rollouts): number =>
  goldShare(subject, prefix, texts.slice(0, POLICY_ROLLOUTS));

function goldShare({ trajectory, gold }: Subject, prefix: number, texts: readonly string[]): number {
  const before = trajectory.steps.slice(0, prefix).map(({ text }) => text);
  const arrived = texts.filter((text) => {
    const answer = readRollout([...before, text].join('\n\n'));
    return answer !== undefined && answersEqual(answer, gold);
  });
  return arrived.length / texts.length;
}

/** The answer that a completed trace states; else its last number, as a small model often states none. */
const readRollout = (text: string): string | undefined =>
  readFinalAnswer(text) ?? text.match(/-?\d[\d,]*(?:\.\d+)?/g)?.at(-1);
