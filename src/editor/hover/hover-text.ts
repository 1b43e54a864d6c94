import type { ScoredStep, ScoredTrajectory } from '../../cpmi/scored';
import type { HumanLabel } from '../../labels/human/human-labels';
import type { Negative, NegativeOrigin, StepLabel } from '../../trajectory/trajectory';
import { type CommandId, commandLink, type StepTarget } from '../commands';
import type { Trace } from '../document/trace';
import { t } from '../l10n';
import { formatReward, formatShare, goldShareText } from '../present';
import { codeSpan, escapeMarkdown } from './markdown';
import { type TrendTheme, trendImage, trendOf, trendSvg } from './trend';

/** Commands that the links of a hover may run, and no others. */
export const HOVER_COMMANDS: readonly CommandId[] = [
  'steplens.scoreTrace',
  'steplens.nextLowStep',
  'steplens.openHeatmap',
  'steplens.setStepLabel',
  'steplens.copyStep',
  'steplens.explainRewards',
  'steplens.setGoldAnswer',
];

export interface HoverInput {
  readonly trace: Trace;
  /** Number of the step, from 0. */
  readonly step: number;
  readonly target: StepTarget;
  readonly threshold: number;
  readonly theme: TrendTheme;
}

/**
 * What a hover on a step says, as Markdown. Everything that comes from the trace stands in code spans, so a hostile trace
 * cannot add a link, a picture or a command.
 */
export function hoverText(input: HoverInput): string {
  const { trace, step: index } = input;
  const scored = trace.scored;
  const step = trace.stepReward(index);
  const of = t('Step {0} of {1}', index + 1, trace.trajectory.steps.length);
  if (!scored || !step) return [`**${of}**`, ...unscored(input), ...labels(input), links(input)].join('\n\n');
  const low = step.reward < input.threshold ? ` ▼ ${t('low')}` : '';
  const head = `**${of} · ${t('reward {0}', formatReward(step.reward))}**${low}${shareChange(scored, step)}`;
  return [
    trace.stale ? `${head} · ${t('outdated: of an earlier text or other settings')}` : head,
    ...trend(scored, step, input),
    ...labels(input),
    links(input), // before the table: VS Code shows a hover's first 250 pixels, and the rest when it is scrolled
    gains(scored, step),
    ...scored.warnings.map((warning) => `⚠ ${escapeMarkdown(warning)}`),
    provenance(scored),
  ].join('\n\n');
}

function unscored({ trace, target }: HoverInput): string[] {
  const { state } = trace;
  if (state.kind === 'failed') return [`⚠ ${t('Not scored: {0}', escapeMarkdown(state.reason))}`];
  if (state.kind !== 'idle') return [t('Being scored…')];
  return [`${t('Not scored.')} [${t('Score this trace')}](${commandLink('steplens.scoreTrace', target)})`];
}

function trend(scored: ScoredTrajectory, step: ScoredStep, { theme }: HoverInput): string[] {
  const trend = trendOf(scored);
  const alt = trend.share ? probabilityTitle(scored) : t('Sum of the rewards over the trace');
  return [trendImage(trendSvg(trend, step.index, theme), alt)];
}

const probabilityTitle = ({ goldSource }: ScoredTrajectory): string =>
  goldSource === 'verdict'
    ? t('Probability that each step is correct, over the trace')
    : t('Probability of the gold answer over the trace');

function shareChange({ goldSource }: ScoredTrajectory, step: ScoredStep): string {
  if (!step.goldShare) return '';
  if (goldSource === 'verdict') return ` · ${t('correct with {0}', formatShare(step.goldShare.after))}`;
  return ` · ${goldShareText(step)}`;
}

/** Gain of gold and of each wrong answer, the mean over templates and each template's own. */
function gains(scored: ScoredTrajectory, step: ScoredStep): string {
  const several = step.byTemplate.length > 1;
  const templates = several ? step.byTemplate.map((_, k) => ` ${t('prompt {0}', k + 1)} |`).join('') : '';
  const cells = (values: readonly number[]) =>
    ` ${formatReward(mean(values))} |${several ? values.map((v) => ` ${formatReward(v)} |`).join('') : ''}`;
  const gold = goldTitle(scored);
  const rows = [
    `| ${t('gain, nats per token')} | ${several ? t('mean') : ''} |${templates}`,
    `| :-- | --: |${several ? step.byTemplate.map(() => ' --: |').join('') : ''}`,
    `| ${gold} ${codeSpan(scored.goldAnswer, 32)} |${cells(step.byTemplate.map((k) => k.gold))}`,
    ...scored.negatives.map(
      (negative, m) =>
        `| ${wrongTitle(scored, negative)} |${cells(step.byTemplate.map((k) => k.negatives[m] ?? 0))}`,
    ),
  ];
  return rows.join('\n');
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

function goldTitle({ goldSource }: ScoredTrajectory): string {
  if (goldSource === 'given') return t('gold answer (yours)');
  if (goldSource === 'verdict') return t('the step is correct:');
  return goldSource === 'final' ? t("the trace's own answer (no gold answer)") : t('gold answer');
}

function wrongTitle({ goldSource }: ScoredTrajectory, { text, origin }: Negative): string {
  const shown = codeSpan(text, 32);
  return goldSource === 'verdict'
    ? `${t('the step is correct:')} ${shown}`
    : `${t('wrong')} ${shown}, ${originTitle(origin)}`;
}

export function originTitle(origin: NegativeOrigin): string {
  switch (origin) {
    case 'sibling':
      return t('another solution');
    case 'option':
      return t('another option');
    case 'intermediate':
      return t('from the trace');
    case 'perturbation':
      return t('gold answer changed');
    case 'sampled':
      return t('sampled');
  }
}

export function labelTitle(label: StepLabel): string {
  return label === 'correct' ? t('correct') : label === 'neutral' ? t('neutral') : t('incorrect');
}

function labels({ trace, step }: HoverInput): string[] {
  const own = trace.trajectory.steps[step]?.label;
  const human = trace.humanLabels.get(step);
  const first = trace.trajectory.firstError;
  return [
    ...(human ? [t('Label: {0}, by {1}', `**${labelTitle(human.label)}**`, givenBy(human))] : []),
    ...(own ? [t('Label in the file: {0}', `**${labelTitle(own)}**`)] : []),
    ...(own === undefined && first === step ? [t('The file calls this the first wrong step.')] : []),
  ];
}

const givenBy = ({ who, when }: HumanLabel) =>
  `${escapeMarkdown(who)}, ${escapeMarkdown(when.slice(0, 16).replace('T', ' '))}`;

function provenance({ model, settings }: ScoredTrajectory): string {
  const { estimator, templates, templatePosition, negatives, negativeWeight, chat } = settings;
  const after = templatePosition === 'after' ? ` ${t('after the steps')}` : '';
  const weight = negativeWeight === 1 ? '' : `, w = ${negativeWeight}`;
  const framed = chat ? `, ${t('chat template')}` : '';
  return `${escapeMarkdown(model.name)} (${model.sha256.slice(0, 8)}) · ${estimator}, K = ${templates}${after}, M = ${negatives}${weight}${framed}`;
}

function links({ trace, target }: HoverInput): string {
  const link = (title: string, command: string) => `[${title}](${command})`;
  return [
    ...(trace.scored ? [link(t('Next low step'), commandLink('steplens.nextLowStep', target))] : []),
    link(t('Heatmap'), commandLink('steplens.openHeatmap', target)),
    link(t('Set label'), commandLink('steplens.setStepLabel', target)),
    link(t('Copy as JSON'), commandLink('steplens.copyStep', target)),
    link(t('What does this mean?'), commandLink('steplens.explainRewards')),
  ].join(' · ');
}
