import { createHash } from 'node:crypto';
import type { Plan } from '../../../src/cpmi/plan';
import { type CpmiSettings, DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { targetSentence } from '../../../src/cpmi/templates';
import type { LikelihoodRequest, Text } from '../../../src/likelihood/likelihood-model';
import { normaliseAnswer } from '../../../src/trajectory/answers';
import { prepared, type Subject } from '../subjects';

/** Requests that are asked for and kept as one. */
export interface Block {
  /** Hash of the requests: a block that is asked for otherwise after a change of the code is another block. */
  readonly key: string;
  readonly requests: readonly LikelihoodRequest[];
}

/** What of the settings decides which contexts there are; templates are asked for one by one, from 0. */
export type Contexts = Pick<CpmiSettings, 'estimator' | 'templatePosition'> & { readonly template: number };

/** Every answer (gold first) after every context that one estimator needs with one template. */
export interface AnswerBlock extends Block {
  /** Contexts and steps, as the product plans them. */
  readonly plan: Plan;
}

/** All that differs in M, w, origin or normalisation is made of the same block. */
export function answerBlock(subject: Subject, { template, ...contexts }: Contexts): AnswerBlock {
  const settings: CpmiSettings = { ...DEFAULT_SETTINGS, ...contexts, templates: template + 1, negatives: 0 };
  const { plan } = prepared(subject, settings);
  const answers = [normaliseAnswer(subject.gold), ...subject.negatives.map(({ text }) => text)];
  const requests = plan.requests
    .slice(template * plan.contexts)
    .flatMap(({ context }) => answers.map((answer) => ({ context, target: targetSentence(answer) })));
  return {
    key: keyOf(requests),
    requests,
    plan: { ...plan, requests, templates: 1, answers: answers.length },
  };
}

/** Whether each step is correct, as the model itself judges it. */
export function verdictBlock(subject: Subject): AnswerBlock {
  const { plan } = prepared(subject, { ...DEFAULT_SETTINGS, estimator: 'verdict', templates: 1 });
  return { key: keyOf(plan.requests), requests: plan.requests, plan };
}

/** A hash of what is asked, pieces and their borders included: they decide the tokens. */
export function keyOf(requests: readonly LikelihoodRequest[]): string {
  const hash = createHash('sha256');
  const hashes = new Map<Text, string>();
  const ofText = (text: Text): string => {
    const known = hashes.get(text);
    if (known !== undefined) return known;
    const made = digest(`${text.before ? ofText(text.before) : ''}\u0000${text.piece}`);
    hashes.set(text, made);
    return made;
  };
  for (const { context, target } of requests) hash.update(`${ofText(context)}\u0000${target}\u0000`);
  return hash.digest('hex').slice(0, 24);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
