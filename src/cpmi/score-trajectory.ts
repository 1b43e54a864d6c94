import {
  ContextTooLongError,
  type LikelihoodModel,
  type ScoreOptions,
  UnanswerableError,
} from '../likelihood/likelihood-model';
import { cutAnswerSentence, normaliseAnswer } from '../trajectory/answers';
import type { Negative, Trajectory } from '../trajectory/trajectory';
import { chooseNegatives } from './negatives';
import { type Plan, type PlanStep, planRequests, stepOfRequest } from './plan';
import { rewards } from './reward';
import type { GoldSource, ScoredTrajectory } from './scored';
import type { CpmiSettings } from './settings';
import { VERDICTS } from './templates';

/** What is known about a trajectory from outside its record. */
export interface Surroundings {
  /** A gold answer for a trace whose file has none; the file's own goes first. */
  readonly answer?: string;
  /** Final answers of other solutions to the same question. */
  readonly siblings?: readonly string[];
}

/** A trajectory that cannot be scored; the message says why. */
export class NotScorableError extends Error {
  override readonly name = 'NotScorableError';
}

/** What is asked of the model about one trajectory, and what has to be said with the answer. */
export interface PreparedTrajectory {
  readonly plan: Plan;
  /** As asked for, but for an estimator that this trace cannot have. */
  readonly settings: CpmiSettings;
  readonly gold: { readonly text: string; readonly source: GoldSource };
  readonly negatives: readonly Negative[];
  readonly warnings: readonly string[];
}

/** Steps that leave-one-out takes: it lists a context of all other steps for each of them. */
const MAX_LEFT_OUT = 1000;

/**
 * Chooses gold answer and negatives, cuts the answer sentence off the last step, and lists the model's requests.
 * @param judges the model can give verdicts: it does so where there is no gold answer
 * @throws {NotScorableError} where there is no step, or no answer to score against
 */
export function prepare(
  trajectory: Trajectory,
  settings: CpmiSettings,
  surroundings: Surroundings = {},
  judges = false,
): PreparedTrajectory {
  const { length: count } = trajectory.steps;
  if (count === 0) throw new NotScorableError('it has no steps');
  const answerless = trajectory.goldAnswer === undefined && surroundings.answer === undefined;
  if (settings.estimator === 'verdict' || (judges && answerless)) {
    return prepareVerdicts(trajectory, settings, judges);
  }
  if (settings.estimator === 'leave-one-out' && count > MAX_LEFT_OUT) {
    throw new NotScorableError(
      `it has ${count} steps: leave-one-out, whose work grows with their square, takes ${MAX_LEFT_OUT} at most`,
    );
  }
  const gold = chooseGold(trajectory, surroundings);
  const printed = normaliseAnswer(gold.text);
  if (printed === '') throw new NotScorableError(`its answer ${JSON.stringify(gold.text)} is empty`);
  const negatives =
    settings.negatives === 0
      ? []
      : chooseNegatives(
          {
            question: trajectory.question.text,
            steps: trajectory.steps.map((step) => step.text),
            gold: gold.text,
            recorded: trajectory.negatives,
            siblings: surroundings.siblings ?? [],
            ...wrongFinalAnswer(trajectory, gold.source),
          },
          { count: settings.negatives, seed: settings.seed },
        );
  const steps = withoutAnswerSentence(trajectory);
  const plan = planRequests({
    question: trajectory.question.text,
    steps,
    answers: [printed, ...negatives.map((n) => n.text)],
    estimator: settings.estimator,
    templates: settings.templates,
    templatePosition: settings.templatePosition,
    chat: settings.chat ?? false,
  });
  const warnings: string[] = [];
  if (gold.source === 'final') {
    warnings.push(
      'no gold answer: rewards are for the answer that the trace itself arrives at, right or wrong',
    );
  }
  if (negatives.length === 0 && settings.negatives > 0) {
    warnings.push('no wrong answer to contrast with: rewards are pointwise mutual information alone');
  }
  if (steps.at(-1)?.text === '') {
    warnings.push('the last step only states the answer, which is not scored');
  }
  return { plan, settings, gold, negatives, warnings };
}

/** Asks of each step whether it is correct: two answers to contrast, whatever the trace's own answer is. */
function prepareVerdicts(
  trajectory: Trajectory,
  settings: CpmiSettings,
  judges: boolean,
): PreparedTrajectory {
  const [yes, no] = VERDICTS;
  const own: CpmiSettings = { ...settings, estimator: 'verdict', negatives: 1, negativeWeight: 1 };
  const plan = planRequests({
    ...own,
    question: trajectory.question.text,
    steps: withoutAnswerSentence(trajectory),
    answers: VERDICTS,
  });
  return {
    plan,
    settings: own,
    gold: { text: yes, source: 'verdict' },
    negatives: [{ text: no, origin: 'option' }],
    warnings: judges ? [] : ['this model was not trained to judge steps: its verdicts mean little'],
  };
}

/**
 * Scores one trajectory: every step's reward in nats per token.
 * @throws {NotScorableError} where there is nothing to score, or a context exceeds the model's window
 */
export async function scoreTrajectory(
  trajectory: Trajectory,
  model: LikelihoodModel,
  settings: CpmiSettings,
  surroundings: Surroundings = {},
  options: ScoreOptions = {},
): Promise<ScoredTrajectory> {
  const started = performance.now();
  const prepared = prepare(trajectory, settings, surroundings, model.judges);
  const { plan, gold, negatives, warnings } = prepared;
  const { likelihoods, work } = await model.score(plan.requests, options).catch((error: unknown) => {
    if (error instanceof UnanswerableError) throw new NotScorableError(error.message);
    throw error instanceof ContextTooLongError ? tooLong(error, plan) : error;
  });
  const cut = Math.max(...likelihoods.map((l) => l.cut));
  return {
    id: trajectory.id,
    question: trajectory.question.text,
    goldAnswer: gold.text,
    goldSource: gold.source,
    finalAnswer: trajectory.finalAnswer ?? null,
    negatives,
    settings: prepared.settings,
    model: model.id,
    steps: rewards(plan, likelihoods, prepared.settings.negativeWeight).map((step) => ({
      ...step,
      text: trajectory.steps[step.index]?.text ?? '',
    })),
    cost: work,
    seconds: (performance.now() - started) / 1000,
    warnings:
      cut === 0
        ? warnings
        : [
            ...warnings,
            `longer than the model's window of ${model.window} tokens: up to ${cut} were cut from the left`,
          ],
  };
}

function chooseGold(trajectory: Trajectory, { answer }: Surroundings): { text: string; source: GoldSource } {
  if (trajectory.goldAnswer) return { text: trajectory.goldAnswer.text, source: 'file' };
  if (answer !== undefined) return { text: answer, source: 'given' };
  if (trajectory.finalAnswer !== undefined) return { text: trajectory.finalAnswer, source: 'final' };
  throw new NotScorableError('it has no gold answer and no final answer can be read from it');
}

/**
 * The trace's own final answer as a candidate negative, unless it is the target itself (agnostic mode) or the file says
 * that it is right, perhaps in other words than gold.
 */
function wrongFinalAnswer(
  { finalAnswer, answerCorrect }: Trajectory,
  gold: GoldSource,
): { finalAnswer?: string } {
  return finalAnswer === undefined || gold === 'final' || answerCorrect === true ? {} : { finalAnswer };
}

/** A last step that says "The answer is: X" would be rewarded for copying, so that sentence is not scored. */
function withoutAnswerSentence(trajectory: Trajectory): PlanStep[] {
  const last = trajectory.steps.length - 1;
  return trajectory.steps.map((step, i) => ({
    text: (i === last ? cutAnswerSentence(step.text).text : step.text).trim(),
    ...(step.observation ? { observation: step.observation.text.trim() } : {}),
  }));
}

function tooLong(error: ContextTooLongError, plan: Plan): NotScorableError {
  const step = stepOfRequest(plan, error.request);
  return new NotScorableError(
    `step ${step + 1} needs a context of ${error.tokens} tokens, the model's window is ${error.window}; ` +
      'set the overflow option to cut-left to score it with the beginning left out',
  );
}
