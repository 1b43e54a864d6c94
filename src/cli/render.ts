import { createColors } from 'picocolors';
import type { ScoredStep, ScoredTrajectory } from '../cpmi/scored';
import { REFERENCE_SCALE } from '../labels/reference-scale';
import { printable, wrap } from './terminal';

export interface RenderOptions {
  readonly color: boolean;
  readonly width: number;
}

/** Rewards this far from the reference center, in its spreads, are coloured; half of that is shown faint. */
const STRONG = 1;
const BAR_CELLS = 5;

/** A scored trace as text: question, steps with reward and bar, the lowest step marked. */
export function renderTrace(trace: ScoredTrajectory, { color, width }: RenderOptions): string {
  const paint = createColors(color);
  const indent = '  ';
  const lowest = lowestStep(trace.steps);
  const lines = [
    paint.bold(printable(trace.id)),
    ...wrap(printable(trace.question), width - 2).map((line) => indent + paint.dim(line)),
    '',
  ];
  for (const step of trace.steps) {
    const tint = z(step.reward) >= STRONG ? paint.blue : z(step.reward) <= -STRONG ? paint.yellow : String;
    const head = `${String(step.index + 1).padStart(4)}  ${formatReward(step.reward)} ${bar(step.reward)}  `;
    const mark = step === lowest && trace.steps.length > 1 ? paint.bold(' ◀ lowest') : '';
    const texts = wrap(printable(step.text).trim(), width - head.length);
    const painted = texts.map((text, i) =>
      i === 0 ? tint(head + text) : ' '.repeat(head.length) + tint(text),
    );
    lines.push(...painted.slice(0, -1), `${painted.at(-1) ?? ''}${mark}`);
  }
  lines.push(
    '',
    `${indent}${target(trace, paint.bold)}`,
    ...trace.warnings.map((warning) => `${indent}${paint.yellow('!')} ${warning}`),
  );
  return `${lines.join('\n')}\n`;
}

/** What the rewards are about. */
function target({ goldSource, goldAnswer, negatives }: ScoredTrajectory, bold: (text: string) => string) {
  if (goldSource === 'verdict') return 'each step judged by the model itself, without a gold answer';
  const gold = {
    file: 'gold answer',
    given: 'gold answer (given)',
    final: 'no gold answer; scored for its own',
  }[goldSource];
  const against = negatives.map((n) => printable(n.text)).join(', ');
  return `${gold} ${bold(printable(goldAnswer))}${against ? `, against ${against}` : ''}`;
}

/** The step with the smallest reward; undefined where there is no step. */
export function lowestStep(steps: readonly ScoredStep[]): ScoredStep | undefined {
  return steps.reduce<ScoredStep | undefined>(
    (low, s) => (low && low.reward <= s.reward ? low : s),
    undefined,
  );
}

/** A reward with its sign and two digits, as everywhere in Steplens: `+0.42`, `−0.10`. */
export function formatReward(reward: number): string {
  return `${reward < 0 ? '−' : '+'}${Math.abs(reward).toFixed(2)}`;
}

const z = (reward: number): number => (reward - REFERENCE_SCALE.center) / REFERENCE_SCALE.scale;

/** Losses grow to the left of the middle, gains to the right: readable without colour. */
function bar(reward: number): string {
  const cells = Math.min(BAR_CELLS, Math.round(Math.abs(z(reward)) * 2));
  const [left, right] = z(reward) < 0 ? [cells, 0] : [0, cells];
  return `${'▒'.repeat(left).padStart(BAR_CELLS)}│${'█'.repeat(right).padEnd(BAR_CELLS)}`;
}
