import { MAX_TEMPLATES } from '../../../src/cpmi/templates';
import type { Subject } from '../subjects';
import { answerBlock, type Block, type Contexts } from './blocks';
import { HINTS, stepBlock } from './step-blocks';

/** What is asked about each of the first `traces` subjects, in one call a trace: contexts in common are run once. */
export interface Layer {
  readonly name: string;
  readonly traces?: number;
  readonly blocks: (subject: Subject) => readonly Block[];
}

const others = Array.from({ length: MAX_TEMPLATES - 1 }, (_, i) => i + 1);

const answers = (contexts: readonly Contexts[]) => (subject: Subject) =>
  contexts.map((wanted) => answerBlock(subject, wanted));

/** What is asked, the most telling first: a run that is stopped still has whole tables of what comes first. */
export const LAYERS: readonly Layer[] = [
  {
    name: 'all estimators, one template',
    blocks: answers([
      { estimator: 'marginal', template: 0 },
      { estimator: 'incremental', template: 0 },
      { estimator: 'leave-one-out', template: 0 },
    ]),
  },
  {
    name: 'the steps themselves',
    blocks: (subject) => HINTS.flatMap((hint) => stepBlock(subject, hint) ?? []),
  },
  {
    name: 'marginal and incremental, the other templates',
    blocks: answers(
      others.flatMap((template) => [
        { estimator: 'marginal', template },
        { estimator: 'incremental', template },
      ]),
    ),
  },
  {
    // Quadratic in the steps: a sample has to do.
    name: 'leave-one-out, the other templates',
    traces: 100,
    blocks: answers(others.map((template) => ({ estimator: 'leave-one-out', template }))),
  },
];
