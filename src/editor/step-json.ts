import type { Trace } from './document/trace';
import { goldOf } from './scoring/scorable';

/** A step with all that is known of it, as JSON for the clipboard. */
export function stepJson(trace: Trace, step: number): string {
  const { trajectory, scored } = trace;
  const reward = trace.stale ? undefined : trace.stepReward(step);
  const content = {
    id: trace.id,
    question: trajectory.question.text,
    step,
    text: trajectory.steps[step]?.text,
    goldAnswer: goldOf(trace) ?? scored?.goldAnswer ?? null,
    fileLabel: trajectory.steps[step]?.label,
    humanLabel: trace.humanLabels.get(step),
    ...(reward && scored
      ? {
          reward: reward.reward,
          goldGain: reward.goldGain,
          contrastGain: reward.contrastGain,
          goldShare: reward.goldShare,
          byTemplate: reward.byTemplate,
          goldSource: scored.goldSource,
          negatives: scored.negatives,
          settings: scored.settings,
          model: scored.model,
        }
      : {}),
  };
  return JSON.stringify(content, undefined, 2);
}
