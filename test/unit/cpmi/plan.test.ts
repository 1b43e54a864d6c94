import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRequests, stepOfRequest } from '../../../src/cpmi/plan';
import { ESTIMATORS, type Estimator } from '../../../src/cpmi/settings';
import { closeWith, MAX_TEMPLATES, renderTemplate, VERDICTS } from '../../../src/cpmi/templates';
import type { Text } from '../../../src/likelihood/likelihood-model';

const flat = (text: Text): string => (text.before ? flat(text.before) : '') + text.piece;
const input = (estimator: Estimator, steps: readonly { text: string; observation?: string }[]) => ({
  question: 'How many?',
  steps,
  answers: ['1', '2'],
  estimator,
  templates: 1,
  templatePosition: 'before' as const,
});

/** The steps of each context, in short: what stands after the question. */
function contexts(estimator: Estimator, steps: readonly { text: string; observation?: string }[]): string[] {
  const plan = planRequests(input(estimator, steps));
  return plan.requests
    .filter((_, i) => i % plan.answers === 0)
    .map(({ context }) => flat(context).split('How many?')[1]?.trim().replaceAll('\n\n', '+') ?? '');
}

const abc = [{ text: 'a' }, { text: 'b' }, { text: 'c' }];

describe('plan', () => {
  it('marginal: the question alone, and each step alone after it', () => {
    expect(contexts('marginal', abc)).toEqual(['', 'a', 'b', 'c']);
    expect(planRequests(input('marginal', abc)).steps).toEqual([
      { before: 0, after: 1 },
      { before: 0, after: 2 },
      { before: 0, after: 3 },
    ]);
  });

  it('incremental: every prefix of the steps', () => {
    expect(contexts('incremental', abc)).toEqual(['', 'a', 'a+b', 'a+b+c']);
    expect(planRequests(input('incremental', abc)).steps[2]).toEqual({ before: 2, after: 3 });
  });

  it('leave-one-out: all steps, and all but one', () => {
    expect(contexts('leave-one-out', abc)).toEqual(['a+b+c', 'b+c', 'a+c', 'a+b']);
    expect(planRequests(input('leave-one-out', abc)).steps[1]).toEqual({ before: 2, after: 0 });
  });

  it('verdict: every prefix that ends in a step, compared with nothing, asked for Yes and No', () => {
    expect(contexts('verdict', abc)).toEqual(['a', 'a+b', 'a+b+c']);
    const plan = planRequests({ ...input('verdict', abc), answers: VERDICTS });
    expect(plan.steps[2]).toEqual({ before: null, after: 2 });
    expect(plan.requests[1]?.target).toBe('Is the last step correct? No');
    const observed = [{ text: 'a', observation: 'o' }, { text: 'b' }];
    expect(contexts('verdict', observed)).toEqual(['a', 'a+o+b']);
  });

  it('shows an observation to later steps without scoring it', () => {
    const steps = [{ text: 'a', observation: 'o' }, { text: 'b' }];
    expect(contexts('incremental', steps)).toEqual(['', 'a', 'a+o', 'a+o+b']);
    expect(planRequests(input('incremental', steps)).steps).toEqual([
      { before: 0, after: 1 },
      { before: 2, after: 3 },
    ]);
  });

  it('puts prompts into a chat frame on request: the assistant begins with a step, or with the answer', () => {
    const framed = (text: Text): string =>
      (text.before ? framed(text.before) : '') + (text.frame ? `<${text.frame}>` : text.piece);
    const plan = planRequests({ ...input('incremental', abc.slice(0, 2)), chat: true });
    const prompt = flat(renderTemplate(0, 'How many?'));
    expect([0, 1, 2].map((c) => framed(plan.requests[c * plan.answers]?.context ?? { piece: '' }))).toEqual([
      `<before>${prompt}<after>`,
      `<before>${prompt}<after>a\n\n`,
      `<before>${prompt}<after>a\n\nb\n\n`,
    ]);
  });

  it('ends every context in a blank line whose line breaks are pieces of their own', () => {
    const [first] = planRequests(input('marginal', abc)).requests;
    expect(first?.context.piece).toBe('\n');
    expect(first?.context.before?.piece).toBe('\n');
    expect(first?.target).toBe('The answer is: 1');
  });

  it('asks for K · contexts · answers, each question once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ESTIMATORS),
        fc.integer({ min: 1, max: MAX_TEMPLATES }),
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 6,
        }),
        (estimator, templates, texts) => {
          const plan = planRequests({
            ...input(
              estimator,
              texts.map((text) => ({ text })),
            ),
            templates,
          });
          const contexts = estimator === 'verdict' ? texts.length : texts.length + 1;
          expect(plan.requests.length).toBe(templates * contexts * 2);
          expect(new Set(plan.requests.map((r) => `${flat(r.context)}|${r.target}`)).size).toBe(
            plan.requests.length,
          );
        },
      ),
    );
  });

  it('shares contexts as objects: a step of a long trace adds one piece, not a copy of all before it', () => {
    const steps = Array.from({ length: 5_000 }, (_, i) => ({ text: `step ${i}` }));
    const plan = planRequests(input('incremental', steps));
    const pieces = new Set<Text>();
    for (const { context } of plan.requests) {
      for (let t: Text | undefined = context; t && !pieces.has(t); t = t.before) pieces.add(t);
    }
    expect(pieces.size).toBe(1 + steps.length + 2 * (steps.length + 1)); // the question, the steps, the blank lines
  });

  it('reads question and steps once where the templates follow them', () => {
    const plan = planRequests({ ...input('incremental', abc), templates: 2, templatePosition: 'after' });
    const texts = plan.requests.filter((_, i) => i % plan.answers === 0).map((r) => flat(r.context));
    expect(texts).toHaveLength(8);
    expect(texts[2]).toBe('Question: How many?\n\na\n\nb\n\nConclusion:\n\n');
    expect(texts[6]).toBe('Question: How many?\n\na\n\nb\n\nFinal result:\n\n');
    const steps = (i: number) => plan.requests[i * plan.answers]?.context.before?.before?.before;
    expect(steps(6)).toBe(steps(2)); // one object: tokenised, sent and computed once
    expect(plan.steps).toEqual(planRequests(input('incremental', abc)).steps);
  });

  it('names the step that first needs a context', () => {
    const plan = planRequests({ ...input('incremental', abc), templates: 2 });
    expect([0, 1, 2, 4, 6].map((r) => stepOfRequest(plan, r))).toEqual([0, 0, 0, 1, 2]);
    expect(stepOfRequest(plan, plan.contexts * plan.answers + 6)).toBe(2);
  });

  it('has four different short templates to follow the steps, and no fifth', () => {
    const context = { piece: 'c' };
    const rendered = Array.from({ length: MAX_TEMPLATES }, (_, k) => flat(closeWith(k, context)));
    expect(new Set(rendered).size).toBe(4);
    for (const text of rendered) expect(text).toMatch(/^c\n\n.{1,20}:$/);
    expect(() => closeWith(MAX_TEMPLATES, context)).toThrow(RangeError);
  });

  it('has four different templates that end in the question, and no fifth', () => {
    const rendered = Array.from({ length: MAX_TEMPLATES }, (_, k) =>
      flat(renderTemplate(k, ' How many? \n')),
    );
    expect(new Set(rendered).size).toBe(4);
    for (const text of rendered) {
      expect(text).toContain('The answer is: <final answer>');
      expect(text.endsWith('\n\nQuestion: How many?')).toBe(true);
    }
    expect(() => renderTemplate(MAX_TEMPLATES, '')).toThrow(RangeError);
  });
});
