import type { StepLabel } from '../../trajectory/trajectory';
import { t } from '../l10n';
import { formatReward } from '../present';

/** How a person's label is written beside a reward: told apart by its sign, not by colour. */
export const LABEL_SIGNS: Readonly<Record<StepLabel, string>> = {
  correct: '✓',
  neutral: '○',
  incorrect: '✗',
};

export interface RewardText {
  readonly reward: number;
  readonly low: boolean;
  readonly stale: boolean;
  /** A person's label. */
  readonly human?: StepLabel;
}

/** What is written after a step: `+0.42`, `−0.31 ▼` for a low one, `−0.31 ▼ ✓` where a person called it correct. */
export function rewardText({ reward, low, stale, human }: RewardText): string {
  const number = formatReward(reward);
  const parts = [stale ? t('{0} (outdated)', number) : number];
  if (low && !stale) parts.push('▼');
  if (human) parts.push(LABEL_SIGNS[human]);
  return parts.join(' ');
}
