import type { PreparedTrajectory } from '../../src/cpmi/score-trajectory';
import type { CpmiSettings } from '../../src/cpmi/settings';
import type { LikelihoodModel, Text } from '../../src/likelihood/likelihood-model';
import { textOf } from './separate';

/** What the reference needs to know of a trace: the texts, as `prepare` prints them. */
export interface ReferenceTrace {
  readonly prompts: readonly string[];
  readonly steps: readonly string[];
  readonly answers: readonly string[];
}

/**
 * CPMI as the paper writes it, one forward pass for every term: no trie, no plan, nothing shared, written to be read
 * beside the equation. Slow; the fast path must give the same rewards.
 */
export async function referenceRewards(
  { prompts, steps, answers }: ReferenceTrace,
  model: LikelihoodModel,
  { estimator, negativeWeight }: CpmiSettings,
): Promise<number[]> {
  const [gold = '', ...negatives] = answers;
  const ask = estimator === 'verdict' ? 'Is the last step correct? ' : 'The answer is: ';

  /** ℓ(a | c): mean log-probability per token of the sentence with the answer after the prompt and some steps. */
  const likelihood = async (prompt: string, given: readonly string[], answer: string): Promise<number> => {
    const context: Text = textOf([
      prompt,
      ...given.filter((s) => s !== '').map((s) => `\n\n${s}`),
      '\n',
      '\n',
    ]);
    const { likelihoods } = await model.score([{ context, target: `${ask}${answer}` }]);
    const [only] = likelihoods;
    return only ? only.logProb / only.tokens : Number.NaN;
  };

  /** How far gold is ahead of the wrong answers after the first so many steps. */
  const lead = async (count: number): Promise<number> => {
    let sum = 0;
    for (const prompt of prompts) {
      const given = steps.slice(0, count);
      let contrast = 0;
      for (const negative of negatives)
        contrast += (await likelihood(prompt, given, negative)) / negatives.length;
      sum += (await likelihood(prompt, given, gold)) - negativeWeight * contrast;
    }
    return sum / prompts.length;
  };
  if (estimator === 'lasting') {
    const leads: number[] = [];
    for (let count = 0; count <= steps.length; count++) leads.push(await lead(count));
    return steps.map((_, i) => Math.max(...leads.slice(i + 1)) - Math.max(...leads.slice(0, i + 1)));
  }

  const rewards: number[] = [];
  for (const [i, step] of steps.entries()) {
    const others = steps.filter((_, j) => j !== i);
    const [before, after] = {
      marginal: [[], [step]],
      incremental: [steps.slice(0, i), steps.slice(0, i + 1)],
      'leave-one-out': [others, steps],
      verdict: [undefined, steps.slice(0, i + 1)],
    }[estimator];
    let sum = 0;
    for (const prompt of prompts) {
      const gain = async (answer: string) =>
        (await likelihood(prompt, after ?? [], answer)) -
        (before ? await likelihood(prompt, before, answer) : 0);
      let contrast = 0;
      for (const negative of negatives) contrast += (await gain(negative)) / negatives.length;
      sum += (await gain(gold)) - negativeWeight * contrast;
    }
    rewards.push(sum / prompts.length);
  }
  return rewards;
}

/** Reads prompts and answers back from the requests that `prepare` listed, so that both paths score the same texts. */
export function referenceTrace(prepared: PreparedTrajectory, steps: readonly string[]): ReferenceTrace {
  const { plan } = prepared;
  const prompts = Array.from({ length: plan.templates }, (_, k) =>
    root(plan.requests[k * plan.contexts * plan.answers]?.context),
  );
  const answers = plan.requests
    .slice(0, plan.answers)
    .map((r) => r.target.replace(/^(The answer is:|Is the last step correct\?) /, ''));
  return { prompts, steps, answers };
}

const root = (text: Text | undefined): string => (text?.before ? root(text.before) : (text?.piece ?? ''));
