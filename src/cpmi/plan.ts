import type { LikelihoodRequest, Text } from '../likelihood/likelihood-model';
import type { Estimator, TemplatePosition } from './settings';
import {
  asMessage,
  beforeTarget,
  closeWith,
  paragraph,
  plainQuestion,
  renderTemplate,
  targetSentence,
  verdictSentence,
} from './templates';

/** A step as the method sees it: its text, and what the environment answered (an agent's observation), which is not scored. */
export interface PlanStep {
  readonly text: string;
  readonly observation?: string;
}

/** What is to be asked of the model about one trajectory. */
export interface PlanInput {
  readonly question: string;
  readonly steps: readonly PlanStep[];
  /** The gold answer first, then the negatives, all printed in the same form; for `verdict` the verdicts. */
  readonly answers: readonly string[];
  readonly estimator: Estimator;
  readonly templates: number;
  readonly templatePosition: TemplatePosition;
  /** Whether prompts go into the model's chat template. */
  readonly chat?: boolean;
}

/** The two contexts whose difference is a step's gain, as indices into a template's contexts. */
export interface StepContexts {
  /** null where a step stands for itself: its gain is then the likelihood after it. */
  readonly before: number | null;
  readonly after: number;
}

export interface Plan {
  /** Request (k · contexts + c) · answers + a asks for answer a after context c of template k. */
  readonly requests: readonly LikelihoodRequest[];
  readonly templates: number;
  readonly contexts: number;
  readonly answers: number;
  /** One per step; the same for every template. */
  readonly steps: readonly StepContexts[];
  /**
   * Whether a step is compared by the best context up to its `before` and the best from its `after` on, and not by those two;
   * contexts are then in the order of the trace.
   */
  readonly lasting: boolean;
}

/** Lists every distinct question once; `rewards` reads the answers back by the same indices. */
export function planRequests(input: PlanInput): Plan {
  const targets = input.answers.map(input.estimator === 'verdict' ? verdictSentence : targetSentence);
  const layouts = layOutTemplates(input);
  const requests = layouts
    .flatMap((layout) => layout.contexts.map(beforeTarget))
    .flatMap((context) => targets.map((target) => ({ context, target })));
  const [{ contexts, steps } = NOTHING] = layouts;
  return {
    requests,
    templates: input.templates,
    contexts: contexts.length,
    answers: targets.length,
    steps,
    lasting: input.estimator === 'lasting',
  };
}

/** One layout a template. Where templates follow the steps, they share the question and the steps as objects. */
function layOutTemplates(input: PlanInput): Layout[] {
  const { estimator, question, steps, templates, templatePosition, chat } = input;
  const numbers = Array.from({ length: templates }, (_, k) => k);
  const read = (prompt: Text) => layOut[estimator](chat ? asMessage(prompt) : prompt, steps);
  if (templatePosition === 'before' || estimator === 'verdict')
    return numbers.map((k) => read(renderTemplate(k, question)));
  const shared = read(plainQuestion(question));
  return numbers.map((k) => ({ ...shared, contexts: shared.contexts.map((c) => closeWith(k, c)) }));
}

/** The step of a request, for messages: the last step that its context ends in, -1 for the question alone. */
export function stepOfRequest(plan: Plan, request: number): number {
  const context = Math.floor(request / plan.answers) % plan.contexts;
  return plan.steps.findIndex(({ before, after }) => after === context || before === context);
}

interface Layout {
  readonly contexts: readonly Text[];
  readonly steps: readonly StepContexts[];
}

const NOTHING: Layout = { contexts: [], steps: [] };

type LayOut = (base: Text, steps: readonly PlanStep[]) => Layout;

/** The question, and the trace so far after each step and each observation, in their order. */
function soFar(base: Text, steps: readonly PlanStep[]): Layout {
  const contexts = [base];
  const pairs = steps.map((step) => {
    const before = contexts.length - 1;
    const after = append(contexts[before] ?? base, step.text);
    contexts.push(after);
    const pair = { before, after: contexts.length - 1 };
    if (step.observation) contexts.push(append(after, step.observation));
    return pair;
  });
  return { contexts, steps: pairs };
}

const layOut: Record<Estimator, LayOut> = {
  marginal(base, steps) {
    const contexts = [base, ...steps.map((step) => append(base, step.text))];
    return { contexts, steps: steps.map((_, i) => ({ before: 0, after: i + 1 })) };
  },

  incremental: soFar,

  lasting: soFar,

  'leave-one-out'(base, steps) {
    const all = (skipped: number) =>
      steps.reduce<Text>(
        (context, step, i) =>
          append(i === skipped ? context : append(context, step.text), step.observation ?? ''),
        base,
      );
    const contexts = [all(-1), ...steps.map((_, i) => all(i))];
    return { contexts, steps: steps.map((_, i) => ({ before: i + 1, after: 0 })) };
  },

  verdict(base, steps) {
    let read = base;
    const contexts = steps.map(({ text, observation }) => {
      const judged = append(read, text);
      read = append(judged, observation ?? '');
      return judged;
    });
    return { contexts, steps: steps.map((_, i) => ({ before: null, after: i })) };
  },
};

const append = (context: Text, text: string): Text => (text === '' ? context : paragraph(context, text));
