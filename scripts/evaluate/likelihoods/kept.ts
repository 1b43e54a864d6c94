import type { LogLikelihood } from '../../../src/likelihood/likelihood-model';
import type { Subject } from '../subjects';
import { type AnswerBlock, answerBlock, type Block, type Contexts, verdictBlock } from './blocks';
import { type Hint, type StepBlock, stepBlock } from './step-blocks';
import type { LikelihoodStore } from './store';

/** A block with its answers, in the order of its requests. */
export type Answered<B extends Block = AnswerBlock> = B & { readonly likelihoods: readonly LogLikelihood[] };

/** Finds a trace's answers in a store; what was found once is remembered. */
export class Kept {
  private readonly answers = new Memory<Contexts, AnswerBlock>(answerBlock);
  private readonly judged = new Memory<'verdict', AnswerBlock>(verdictBlock);
  private readonly steps = new Memory<Hint, StepBlock>(stepBlock);

  constructor(private readonly store: LikelihoodStore) {}

  /** Undefined where the model was not asked yet, or the trace is too long for it. */
  block(subject: Subject, contexts: Contexts): Answered | undefined {
    return this.answers.find(subject, contexts, this.store);
  }

  /** The model's own verdicts on the steps. */
  verdicts(subject: Subject): Answered | undefined {
    return this.judged.find(subject, 'verdict', this.store);
  }

  /** How likely the steps' words are; undefined also where there is no such wrong answer to hint at. */
  words(subject: Subject, hint: Hint): Answered<StepBlock> | undefined {
    return this.steps.find(subject, hint, this.store);
  }
}

class Memory<Wanted, B extends Block> {
  private readonly found = new Map<Subject, Map<string, Answered<B> | undefined>>();

  constructor(private readonly make: (subject: Subject, wanted: Wanted) => B | undefined) {}

  find(subject: Subject, wanted: Wanted, store: LikelihoodStore): Answered<B> | undefined {
    const mine = this.found.get(subject) ?? new Map<string, Answered<B> | undefined>();
    this.found.set(subject, mine);
    const name = JSON.stringify(wanted);
    if (!mine.has(name)) {
      const block = this.make(subject, wanted);
      const likelihoods = block && store.get(block.key);
      mine.set(name, likelihoods && { ...block, likelihoods });
    }
    return mine.get(name);
  }
}
