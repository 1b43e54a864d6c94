import { rewards, type StepReward } from '../../../src/cpmi/reward';
import { type AnswerEstimator, DEFAULT_SETTINGS, type TemplatePosition } from '../../../src/cpmi/settings';
import type { Negative } from '../../../src/trajectory/trajectory';
import type { Answered, Kept } from '../likelihoods/kept';
import type { Subject } from '../subjects';

/** One way of making rewards of the kept answers. */
export interface Variant {
  readonly estimator: AnswerEstimator;
  /** Which templates are averaged, from 0. */
  readonly templates: readonly number[];
  readonly templatePosition: TemplatePosition;
  /** Which of a trace's wrong answers are the contrast. */
  readonly negatives: (all: readonly Negative[]) => readonly Negative[];
  /** w */
  readonly weight: number;
  /** ℓ is the mean over the target's tokens; false: their sum. */
  readonly perToken: boolean;
}

/** The first K templates. */
export const firstTemplates = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, k) => k);

/** The first M of the product's own choice: what M negatives are. */
export const firstNegatives =
  (count: number) =>
  (all: readonly Negative[]): readonly Negative[] =>
    all.slice(0, count);

/** At most four of one origin. */
export const ofOrigin =
  (origin: Negative['origin']) =>
  (all: readonly Negative[]): readonly Negative[] =>
    all.filter((negative) => negative.origin === origin).slice(0, 4);

/** The default settings of the product (`DEFAULT_SETTINGS`). */
export const DEFAULT_VARIANT: Variant = {
  estimator: DEFAULT_SETTINGS.estimator,
  templates: firstTemplates(DEFAULT_SETTINGS.templates),
  templatePosition: DEFAULT_SETTINGS.templatePosition,
  negatives: firstNegatives(DEFAULT_SETTINGS.negatives),
  weight: DEFAULT_SETTINGS.negativeWeight,
  perToken: true,
};

/** The rewards of a trace's steps by the product's own formula; undefined where answers are missing. */
export function variantRewards(subject: Subject, kept: Kept, variant: Variant): StepReward[] | undefined {
  const { estimator, templatePosition } = variant;
  const chosen = variant.negatives(subject.negatives);
  const answers = [0, ...chosen.map((negative) => 1 + subject.negatives.indexOf(negative))];
  const blocks = variant.templates.map((template) =>
    kept.block(subject, { estimator, templatePosition, template }),
  );
  const [first] = blocks;
  if (!first || blocks.includes(undefined)) return undefined;
  const likelihoods = blocks.flatMap((block) => (block ? selectAnswers(block, answers) : []));
  const plan = { ...first.plan, templates: blocks.length, answers: answers.length };
  const asked = variant.perToken ? likelihoods : likelihoods.map((l) => ({ ...l, tokens: 1 }));
  return rewards(plan, asked, variant.weight);
}

/** A block's likelihoods as if only some of the answers had been asked for. */
function selectAnswers({ plan, likelihoods }: Answered, answers: readonly number[]) {
  return Array.from({ length: plan.contexts }, (_, context) =>
    answers.flatMap((answer) => likelihoods[context * plan.answers + answer] ?? []),
  ).flat();
}
