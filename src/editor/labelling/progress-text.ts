import type { LabelProgress } from '../../labels/run/rate';
import { t } from '../l10n';

/** `12 of 200 · 3.4 steps a second · 410 tokens a second · 2 min left`. */
export function progressText({
  done,
  total,
  stepsPerSecond,
  tokensPerSecond,
  secondsLeft,
}: LabelProgress): string {
  return [
    t('{0} of {1}', done, total),
    stepsPerSecond === undefined ? '' : t('{0} steps a second', rounded(stepsPerSecond)),
    tokensPerSecond === undefined ? '' : t('{0} tokens a second', rounded(tokensPerSecond)),
    secondsLeft === undefined || done === total ? '' : timeLeft(secondsLeft),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

const rounded = (value: number) => (value < 10 ? value.toFixed(1) : Math.round(value));

function timeLeft(seconds: number): string {
  if (seconds < 90) return t('{0} s left', Math.max(1, Math.round(seconds)));
  if (seconds < 90 * 60) return t('{0} min left', Math.round(seconds / 60));
  return t('{0} h left', (seconds / 3600).toFixed(1));
}
