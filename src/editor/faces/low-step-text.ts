import type { ScoredStep, ScoredTrajectory } from '../../cpmi/scored';
import { readsOn } from '../../cpmi/settings';
import { t } from '../l10n';
import { formatReward, formatShare, oneLine } from '../present';

/**
 * What a problem says of a low step: where it is, its reward, and what it did to the gold answer.
 * @param first it is the trace's first low step, so the likely place of the first error
 */
export function lowStepMessage(scored: ScoredTrajectory, step: ScoredStep, first: boolean): string {
  const number = step.index + 1;
  const reward = formatReward(step.reward);
  const head = first
    ? t('First likely error: step {0} has the reward {1}.', number, reward)
    : t('Step {0} has the low reward {1}.', number, reward);
  const gold = oneLine(scored.goldAnswer, 40);
  const { goldShare } = step;
  if (!goldShare) return head;
  if (scored.goldSource === 'verdict') {
    return `${head} ${t('The model takes it to be correct with {0}.', formatShare(goldShare.after))}`;
  }
  if (scored.settings.estimator === 'lasting') {
    const own = scored.goldSource === 'final';
    const text = own
      ? t('From here on the trace never comes as near to its own answer {0} as it had been.', gold)
      : t('From here on the trace never comes as near to the gold answer {0} as it had been.', gold);
    return `${head} ${text}`;
  }
  const [before, after] = [formatShare(goldShare.before), formatShare(goldShare.after)];
  const whose =
    scored.goldSource === 'final'
      ? t("The trace's own answer {0} goes from {1} to {2} among the answers.", gold, before, after)
      : t('The gold answer {0} goes from {1} to {2} among the answers.', gold, before, after);
  return `${head} ${whose}`;
}

/**
 * The last step before this one after which gold had more than half of the probability; undefined if none had, and where
 * all steps are always there, so that none is the last, or verdicts say nothing of gold.
 */
export function lastAhead(
  { steps, settings }: Pick<ScoredTrajectory, 'steps' | 'settings'>,
  before: number,
): number | undefined {
  if (settings.estimator === 'leave-one-out' || settings.estimator === 'verdict') return undefined;
  for (let index = before - 1; index >= 0; index--) {
    if ((steps[index]?.goldShare?.after ?? 0) > 0.5) return index;
  }
  return undefined;
}

/** What is said of that step: where the gold answer was ahead, after all steps so far or after that one alone. */
export function aheadMessage(
  { settings }: Pick<ScoredTrajectory, 'settings'>,
  step: number,
  text: string,
): string {
  return readsOn(settings.estimator)
    ? t('Here, at step {0}, the gold answer was still ahead: {1}', step + 1, oneLine(text))
    : t('Step {0}, taken alone, puts the gold answer ahead: {1}', step + 1, oneLine(text));
}
