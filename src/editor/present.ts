import type { ScoredStep } from '../cpmi/scored';
import type { Trace } from './document/trace';
import { t } from './l10n';
import type { BandEdges } from './settings-schema';

/** From strong loss to strong gain. Every band has its colours in package.json. */
export const BANDS = ['strongLoss', 'loss', 'neutral', 'gain', 'strongGain'] as const;
export type Band = (typeof BANDS)[number];

/** The band that holds a reward: each goes from its lower edge up to, but not including, its upper one. */
export function bandOf(reward: number, edges: BandEdges): Band {
  return BANDS[edges.filter((edge) => reward >= edge).length] ?? 'neutral';
}

/** A reward with two digits and its sign: `+0.42`, `−0.10`; what rounds to zero has no sign. */
export function formatReward(reward: number): string {
  const digits = Math.abs(reward).toFixed(2);
  return digits === '0.00' ? digits : `${reward < 0 ? '−' : '+'}${digits}`;
}

/** A share as a percentage without needless digits: `<0.1 %`, `0.4 %`, `42 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  return `${percent > 0 && percent < 1 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Text from a trace as one short line for a label: no line breaks, no control or bidirectional characters, cut. */
export function oneLine(text: string, length = 60): string {
  const clean = visible(text.slice(0, length * 4))
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...clean];
  return characters.length <= length && text.length <= length * 4
    ? clean
    : `${characters.slice(0, length - 1).join('')}…`;
}

/** Control characters and those that reorder what is read are shown as their code points; white space stays. */
export function visible(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is made visible
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text from a trace in a label where VS Code would draw `$(name)` as an icon. */
export function label(text: string, length?: number): string {
  return oneLine(text, length).replace(/\$\(/g, '$\u200b(');
}

/** Whether the trace has a low step; outdated rewards do not count. */
export function hasLowStep(trace: Trace, threshold: number): boolean {
  return !trace.stale && (trace.lowest?.reward ?? threshold) < threshold;
}

/** Steps of the trace whose reward is under the threshold, lowest numbers first; outdated rewards do not count. */
export function lowSteps(trace: Trace, threshold: number): number[] {
  const { lowest } = trace;
  if (!lowest || trace.stale || lowest.reward >= threshold) return [];
  return trace.trajectory.steps.flatMap(({ index }) => {
    const step = trace.stepReward(index);
    return step && step.reward < threshold ? [index] : [];
  });
}

/** The gold answer's share among the answers where the step's reward is taken from. */
export function goldShareText({ goldShare, bestShare }: Pick<ScoredStep, 'goldShare' | 'bestShare'>): string {
  const { before = 0, after = 0 } = bestShare ?? goldShare ?? {};
  return bestShare
    ? t('gold answer {0} at best before, {1} from here on', formatShare(before), formatShare(after))
    : t('gold answer {0} → {1}', formatShare(before), formatShare(after));
}
