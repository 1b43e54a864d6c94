/**
 * Which pair of contexts a step's gain is the difference of (see docs/method.md):
 * - `marginal`: the question alone, the question and this step. The paper's equation.
 * - `incremental`: the steps before this one, those and this one.
 * - `leave-one-out`: all steps but this one, all steps. Quadratic in the number of steps.
 * - `lasting`: of those before this step and of those from it on (the contexts of `incremental`) the two in which gold is
 *   furthest ahead. Below 0 is a step after which the trace never comes as near to gold as it had been.
 *
 * `verdict` is no difference: after each step the model is asked whether it is correct, and the answers Yes and No are
 * contrasted. It needs no gold answer, and a model that was trained to judge steps.
 */
export type Estimator = AnswerEstimator | 'verdict';

/** Those that ask for answers: CPMI. */
export type AnswerEstimator = 'incremental' | 'marginal' | 'leave-one-out' | 'lasting';

export const ANSWER_ESTIMATORS: readonly AnswerEstimator[] = [
  'lasting',
  'incremental',
  'marginal',
  'leave-one-out',
];
export const ESTIMATORS: readonly Estimator[] = [...ANSWER_ESTIMATORS, 'verdict'];

/** Whether an estimator's contexts are the trace so far, so that each step goes on where the one before it has ended. */
export const readsOn = (estimator: Estimator): boolean =>
  estimator === 'incremental' || estimator === 'lasting';

/**
 * Where a prompt template stands:
 * - `before`: around the question, as in the paper. Each template reads the whole trace anew.
 * - `after`: a short one between the steps and the answer. The trace is read once for all of them.
 */
export type TemplatePosition = 'before' | 'after';

export const TEMPLATE_POSITIONS: readonly TemplatePosition[] = ['before', 'after'];

/** Everything that changes a reward, but for the model. Two equal settings give equal rewards. */
export interface CpmiSettings {
  readonly estimator: Estimator;
  /** K: how many prompt templates are averaged, 1 to 4. */
  readonly templates: number;
  readonly templatePosition: TemplatePosition;
  /** M: how many wrong answers are contrasted with the gold answer, 0 or more. */
  readonly negatives: number;
  /** w: the weight of the contrast. 0 leaves pointwise mutual information (PMI). */
  readonly negativeWeight: number;
  /** Seed of the choice among candidate wrong answers. */
  readonly seed: number;
  /** Whether prompts are put into the model's own chat template. Absent: no, they are plain text. */
  readonly chat?: true;
}

/**
 * The best setting on labelled development traces (docs/evaluation.md). The paper's is
 * `{ ...DEFAULT_SETTINGS, estimator: 'marginal', templates: 4 }`.
 */
export const DEFAULT_SETTINGS: CpmiSettings & { readonly estimator: AnswerEstimator } = {
  estimator: 'lasting',
  templates: 1,
  templatePosition: 'before',
  negatives: 4,
  negativeWeight: 1,
  seed: 0,
};
