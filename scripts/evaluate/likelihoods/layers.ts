import { ANSWER_ESTIMATORS, type AnswerEstimator, type TemplatePosition } from '../../../src/cpmi/settings';
import { MAX_TEMPLATES } from '../../../src/cpmi/templates';
import type { Subject } from '../subjects';
import { answerBlock, type Block, type Contexts, verdictBlock } from './blocks';
import { HINTS, stepBlock } from './step-blocks';

/** What is asked about each trace, in one call a trace: contexts in common are run once. */
export interface Layer {
  readonly name: string;
  readonly blocks: (subject: Subject) => readonly Block[];
}

const answers = (contexts: readonly Contexts[]) => (subject: Subject) =>
  contexts.map((wanted) => answerBlock(subject, wanted));

/** Some templates of some estimators. */
const every = (
  estimators: readonly AnswerEstimator[],
  templates: readonly number[],
  templatePosition: TemplatePosition = 'before',
): Contexts[] =>
  templates.flatMap((template) => estimators.map((estimator) => ({ estimator, template, templatePosition })));

const [first = 0, ...others] = Array.from({ length: MAX_TEMPLATES }, (_, k) => k);

/** What is asked, the most telling first: a run that is stopped still has whole tables of what comes first. */
export const LAYERS: readonly Layer[] = [
  {
    name: 'all estimators, one template',
    blocks: (subject) => [...answers(every(ANSWER_ESTIMATORS, [first]))(subject), verdictBlock(subject)],
  },
  {
    name: 'the steps themselves',
    blocks: (subject) => HINTS.flatMap((hint) => stepBlock(subject, hint) ?? []),
  },
  {
    name: 'templates after the steps',
    blocks: answers(every(['marginal', 'incremental'], [first, ...others], 'after')),
  },
  {
    name: 'marginal and incremental, the other templates',
    blocks: answers(every(['marginal', 'incremental'], others)),
  },
  {
    // Quadratic in the steps, and so half of all the work.
    name: 'leave-one-out, the other templates',
    blocks: answers(every(['leave-one-out'], others)),
  },
];
