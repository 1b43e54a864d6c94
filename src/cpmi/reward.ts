import type { LogLikelihood } from '../likelihood/likelihood-model';
import { lastingContexts } from './lasting';
import type { Plan } from './plan';
import type { ScoredStep, TemplateGain } from './scored';

/** The numbers of a step, without its text. */
export type StepReward = Omit<ScoredStep, 'text'>;

/**
 * The rewards of a plan's steps from the model's answers to its requests.
 *
 * reward_i = mean_k { [ℓ(A | after) − ℓ(A | before)] − w · mean_m [ℓ(Ã_m | after) − ℓ(Ã_m | before)] }
 * (CPMI, arXiv 2604.10660), with ℓ the mean log-likelihood in nats per target token. Without negatives the contrast
 * is null and the reward is the gold part alone. A step that is compared with nothing (a verdict) has the likelihoods
 * after it as its gains. For a lasting effect before and after are the contexts where gold is furthest ahead, up to the step
 * and from it on.
 */
export function rewards(
  plan: Plan,
  likelihoods: readonly LogLikelihood[],
  negativeWeight: number,
): StepReward[] {
  const at = (k: number, context: number, answer: number): LogLikelihood => {
    const found = likelihoods[(k * plan.contexts + context) * plan.answers + answer];
    if (!found)
      throw new RangeError(
        `the plan has ${plan.requests.length} requests, ${likelihoods.length} were answered`,
      );
    return found;
  };
  const negatives = Array.from({ length: plan.answers - 1 }, (_, m) => m + 1);
  const templates = Array.from({ length: plan.templates }, (_, k) => k);

  /** What gold has more than the wrong answers. */
  const contrasted = (gold: number, wrong: readonly number[]) =>
    gold - (wrong.length ? negativeWeight * average(wrong) : 0);
  const lead = (context: number) => {
    const likelihood = (k: number) => (answer: number) => mean(at(k, context, answer));
    return average(templates.map((k) => contrasted(likelihood(k)(0), negatives.map(likelihood(k)))));
  };
  const leads = plan.lasting ? Array.from({ length: plan.contexts }, (_, context) => lead(context)) : [];
  const compared = plan.lasting ? lastingContexts(plan.steps, leads) : plan.steps;

  return plan.steps.map(({ before, after }, index) => {
    const { before: from, after: to } = compared[index] ?? { before, after };
    const gain = (k: number, answer: number) =>
      mean(at(k, to, answer)) - (from === null ? 0 : mean(at(k, from, answer)));
    const share = (context: number) =>
      average(
        templates.map((k) => shareOfFirst(Array.from({ length: plan.answers }, (_, a) => at(k, context, a)))),
      );
    const byTemplate: TemplateGain[] = templates.map((k) => ({
      gold: gain(k, 0),
      negatives: negatives.map((m) => gain(k, m)),
    }));
    const goldGain = average(byTemplate.map((t) => t.gold));
    const contrastGain = negatives.length ? average(byTemplate.map((t) => average(t.negatives))) : null;
    return {
      index,
      reward: contrasted(goldGain, contrastGain === null ? [] : [contrastGain]),
      goldGain,
      contrastGain,
      goldShare: negatives.length
        ? { before: before === null ? NO_OPINION : share(before), after: share(after) }
        : null,
      ...(plan.lasting && negatives.length && from !== null
        ? { bestShare: { before: share(from), after: share(to) } }
        : {}),
      byTemplate,
    };
  });
}

/** The share of one of two answers before anything is known. */
const NO_OPINION = 0.5;

/** ℓ: nats per token. */
const mean = ({ logProb, tokens }: LogLikelihood): number => logProb / tokens;

const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

/** p(first) / Σ p over whole targets, stable for very small probabilities. */
function shareOfFirst(answers: readonly LogLikelihood[]): number {
  const logs = answers.map((a) => a.logProb);
  const peak = Math.max(...logs);
  const weights = logs.map((l) => Math.exp(l - peak));
  return (weights[0] ?? 0) / weights.reduce((sum, w) => sum + w, 0);
}
