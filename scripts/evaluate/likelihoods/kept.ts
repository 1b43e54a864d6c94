import type { Plan } from '../../../src/cpmi/plan';
import type { LogLikelihood } from '../../../src/likelihood/likelihood-model';
import type { Subject } from '../subjects';
import { answerBlock, type Contexts } from './blocks';
import type { LikelihoodStore } from './store';

/** A block with its answers. */
export interface Answered {
  readonly plan: Plan;
  /** In the order of the plan's requests. */
  readonly likelihoods: readonly LogLikelihood[];
}

/** Finds a trace's answers in a store; what was found once is remembered. */
export class Kept {
  private readonly found = new Map<Subject, Map<string, Answered | undefined>>();

  constructor(private readonly store: LikelihoodStore) {}

  /** Undefined where the model was not asked yet, or the trace is too long for it. */
  block(subject: Subject, contexts: Contexts): Answered | undefined {
    const mine = this.found.get(subject) ?? new Map<string, Answered | undefined>();
    this.found.set(subject, mine);
    const name = JSON.stringify(contexts);
    if (!mine.has(name)) {
      const { key, plan } = answerBlock(subject, contexts);
      const likelihoods = this.store.get(key);
      mine.set(name, likelihoods && { plan, likelihoods });
    }
    return mine.get(name);
  }
}
