import { describe, expect, it } from 'vitest';
import { planRequests } from '../../../src/cpmi/plan';
import { rewards } from '../../../src/cpmi/reward';
import type { Estimator } from '../../../src/cpmi/settings';
import type { LogLikelihood, Text } from '../../../src/likelihood/likelihood-model';

const flat = (text: Text): string => (text.before ? flat(text.before) : '') + text.piece;

/**
 * Mean log-likelihoods per token, by the steps that the context holds and the answer. Gold 7 has 2 tokens, wrong 8 has 2,
 * wrong 10 has 4: length normalisation must show.
 */
const TABLE: Record<string, Record<string, number>> = {
  '': { 7: -3, 8: -2, 10: -2.5 },
  a: { 7: -2, 8: -2.5, 10: -2, Yes: -1, No: -1.25 },
  b: { 7: -3.5, 8: -1, 10: -2.5 },
  'a b': { 7: -1, 8: -3, 10: -4, Yes: -2, No: -1 },
};
const TOKENS: Record<string, number> = { 7: 2, 8: 2, 10: 4, Yes: 7, No: 7 };

function stub(context: Text, target: string): LogLikelihood {
  const steps = flat(context).split('Q?')[1]?.trim().split(/\s+/).join(' ') ?? '';
  const answer = target.replace(/^(The answer is:|Is the last step correct\?) /, '');
  const tokens = TOKENS[answer] ?? 0;
  return { logProb: (TABLE[steps]?.[answer] ?? Number.NaN) * tokens, tokens, cut: 0 };
}

function scored(estimator: Estimator, answers = ['7', '8', '10'], w = 1, templates = 1) {
  const plan = planRequests({
    question: 'Q?',
    steps: [{ text: 'a' }, { text: 'b' }],
    answers,
    estimator,
    templates,
    templatePosition: 'before',
  });
  return rewards(
    plan,
    plan.requests.map((r) => stub(r.context, r.target)),
    w,
  );
}

describe('rewards, by hand', () => {
  it('marginal', () => {
    const [a, b] = scored('marginal');
    expect(a?.goldGain).toBeCloseTo(1, 12); // −2 − −3
    expect(a?.contrastGain).toBeCloseTo((-0.5 + 0.5) / 2, 12);
    expect(a?.reward).toBeCloseTo(1, 12);
    expect(b?.goldGain).toBeCloseTo(-0.5, 12);
    expect(b?.contrastGain).toBeCloseTo((1 + 0) / 2, 12);
    expect(b?.reward).toBeCloseTo(-1, 12);
  });

  it('lasting: by the best that follows and the best before', () => {
    // Leads of gold: −0.75 after the question, 0.25 after a, 2.5 after b.
    const [a, b] = scored('lasting');
    expect(a?.reward).toBeCloseTo(2.5 - -0.75, 12);
    expect(a?.goldGain).toBeCloseTo(2, 12); // −1 − −3: it is b that makes the best of what follows
    expect(a?.contrastGain).toBeCloseTo((-1 + -1.5) / 2, 12);
    expect(b?.reward).toBeCloseTo(2.5 - 0.25, 12);
    expect(a?.goldShare?.after).toBeCloseTo(scored('incremental')[0]?.goldShare?.after ?? Number.NaN, 12);
  });

  it('incremental', () => {
    const [a, b] = scored('incremental');
    expect(a?.reward).toBeCloseTo(1, 12);
    expect(b?.goldGain).toBeCloseTo(1, 12); // −1 − −2
    expect(b?.contrastGain).toBeCloseTo((-0.5 + -2) / 2, 12);
    expect(b?.reward).toBeCloseTo(2.25, 12);
  });

  it('verdict: how much likelier Yes is than No, after the step alone', () => {
    const [a, b] = scored('verdict', ['Yes', 'No']);
    expect(a?.reward).toBeCloseTo(0.25, 12);
    expect(a?.goldShare?.before).toBe(0.5);
    expect(a?.goldShare?.after).toBeCloseTo(1 / (1 + Math.exp(-0.25 * 7)), 12);
    expect(b?.goldGain).toBeCloseTo(-2, 12);
    expect(b?.reward).toBeCloseTo(-1, 12);
  });

  it('leave-one-out', () => {
    const [a, b] = scored('leave-one-out');
    expect(a?.goldGain).toBeCloseTo(2.5, 12); // −1 − −3.5, without a
    expect(a?.contrastGain).toBeCloseTo((-2 + -1.5) / 2, 12);
    expect(a?.reward).toBeCloseTo(4.25, 12);
    expect(b?.reward).toBeCloseTo(1 - (-0.5 - 2) / 2, 12);
  });

  it('w = 0 is PMI, w = 0.5 is between', () => {
    const [pmi] = scored('incremental', ['7', '8', '10'], 0).slice(1);
    const [half] = scored('incremental', ['7', '8', '10'], 0.5).slice(1);
    expect(pmi?.reward).toBeCloseTo(1, 12);
    expect(half?.reward).toBeCloseTo(1.625, 12);
  });

  it('without negatives the contrast and the share are null and the reward is PMI', () => {
    const [a] = scored('marginal', ['7']);
    expect(a).toMatchObject({ contrastGain: null, goldShare: null });
    expect(a?.reward).toBe(a?.goldGain);
  });

  it('averages over templates, and keeps what each of them says', () => {
    const plan = planRequests({
      question: 'Q?',
      steps: [{ text: 'a' }],
      answers: ['7', '8'],
      estimator: 'marginal',
      templatePosition: 'before',
      templates: 2,
    });
    const answers = plan.requests.map((r) => stub(r.context, r.target));
    const shifted = answers.map((l, i) => (i === 6 ? { ...l, logProb: l.logProb + 2 } : l)); // template 2, after, gold: +1 per token
    const [a] = rewards(plan, shifted, 1);
    expect(a?.byTemplate.map((t) => t.gold)).toEqual([1, 2]);
    expect(a?.byTemplate.map((t) => t.negatives)).toEqual([[-0.5], [-0.5]]);
    expect(a?.reward).toBeCloseTo(2, 12);
  });

  it("gives gold's share of the probability before and after", () => {
    const [a] = scored('marginal', ['7', '8']);
    const share = (gold: number, wrong: number) => Math.exp(gold) / (Math.exp(gold) + Math.exp(wrong));
    expect(a?.goldShare?.before).toBeCloseTo(share(-6, -4), 12);
    expect(a?.goldShare?.after).toBeCloseTo(share(-4, -5), 12);
  });
});
