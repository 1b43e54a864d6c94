import { paragraph, renderTemplate } from '../../../src/cpmi/templates';
import type { LikelihoodRequest, Text } from '../../../src/likelihood/likelihood-model';
import { cutAnswerSentence, normaliseAnswer } from '../../../src/trajectory/answers';
import type { Subject } from '../subjects';
import { type Block, keyOf } from './blocks';

/** What the model is told of the answer ahead of the steps: nothing, gold, or one of the wrong answers. */
export type Hint = 'none' | 'gold' | { readonly negative: number };

export const HINTS: readonly Hint[] = ['none', 'gold', { negative: 0 }, { negative: 1 }];

/** Every word of every step as a target: how likely the steps are, rather than the answers. */
export interface StepBlock extends Block {
  /** The words of each step, as stretches of the requests. */
  readonly steps: readonly {
    readonly start: number;
    readonly end: number;
    readonly words: readonly string[];
  }[];
}

/**
 * Asks for each word of the steps, given the question, the hint and all before the word. Undefined where there is no such
 * wrong answer. An answer sentence at the end of the last step is left out, as in CPMI.
 */
export function stepBlock(subject: Subject, hint: Hint): StepBlock | undefined {
  const answer = hintedAnswer(subject, hint);
  if (answer === undefined && hint !== 'none') return undefined;
  const base = renderTemplate(0, subject.trajectory.question.text);
  let context: Text = answer === undefined ? base : paragraph(base, `Hint: the answer is ${answer}.`);
  const requests: LikelihoodRequest[] = [];
  const { steps } = subject.trajectory;
  const stretches = steps.map((step, i) => {
    const text = (i === steps.length - 1 ? cutAnswerSentence(step.text).text : step.text).trim();
    const words = text === '' ? [] : splitWords(`\n\n${text}`);
    const start = requests.length;
    for (const word of words) {
      // The blank line is no part of the step.
      if (/\S/.test(word)) requests.push({ context, target: word });
      context = { before: context, piece: word };
    }
    return { start, end: requests.length, words: words.filter((word) => /\S/.test(word)) };
  });
  return { key: keyOf(requests), requests, steps: stretches };
}

function hintedAnswer({ gold, negatives }: Subject, hint: Hint): string | undefined {
  if (hint === 'none') return undefined;
  return hint === 'gold' ? normaliseAnswer(gold) : negatives[hint.negative]?.text;
}

/** Words with the space ahead of them, where byte-level tokenisers part a text anyway. */
const splitWords = (text: string): string[] => text.match(/\s+(?!\S)|\s?\S+/g) ?? [];
