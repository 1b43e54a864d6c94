import { joinTexts, type PlacedText } from '../../placed';
import type { SourceText, StepLabel } from '../../trajectory';
import type { ReadContext, StepDraft, TraceDraft } from '../format';
import { thinkSegments } from './think';
import type { Turn } from './turn';

/** How much of the conversation before a question is put in front of it: characters, and turns. */
const CONTEXT_LIMIT = 8000;
const CONTEXT_TURNS = 50;

export interface ExchangeOptions {
  /** The file's verdicts on messages, by their position in the list. */
  readonly labels?: ReadonlyMap<number, StepLabel>;
  /** What users say after the first answer is the environment's answer to an agent, not a new question. */
  readonly oneTask?: boolean;
}

/**
 * Cuts a conversation into exchanges: a question of the user and what the model made of it. An exchange with one message
 * of the model is a trace of free text, cut into steps as the caller wishes; one with several, or with tools, is an agent's
 * trace: a step is a turn (thought, words and calls), what the tools answered is its observation. Exchanges in which the
 * model says nothing are left out.
 */
export function readExchanges(
  turns: readonly Turn[],
  context: ReadContext,
  options: ExchangeOptions = {},
): TraceDraft[] {
  const drafts: TraceDraft[] = [];
  const said = turns.filter((turn) => turn.role !== 'system');
  let start = 0;
  while (start < said.length) {
    const answer = next(said, start, (turn) => turn.role === 'assistant');
    const end = options.oneTask ? said.length : next(said, answer, (turn) => turn.role === 'user');
    const steps = readSteps(said.slice(answer, end), context, options);
    if (steps.length > 0) drafts.push({ question: readQuestion(said, start, answer), steps });
    start = end;
  }
  return drafts;
}

function next(turns: readonly Turn[], from: number, test: (turn: Turn) => boolean): number {
  for (let at = from; at < turns.length; at++) {
    const turn = turns[at];
    if (turn && test(turn)) return at;
  }
  return turns.length;
}

/** The user's words, behind as much of the conversation before them as fits. */
function readQuestion(turns: readonly Turn[], start: number, end: number): SourceText {
  const parts = turns.slice(start, end).flatMap((turn) => turn.content);
  let room = CONTEXT_LIMIT;
  for (let at = start - 1; at >= Math.max(0, start - CONTEXT_TURNS); at--) {
    const content = turns[at]?.content ?? [];
    room -= content.reduce((sum, text) => sum + text.text.length, 0);
    if (room < 0) break;
    parts.unshift(...content);
  }
  return joinTexts(parts, '\n\n');
}

function readSteps(turns: readonly Turn[], context: ReadContext, options: ExchangeOptions): StepDraft[] {
  const merged = mergeThoughts(turns);
  const own = merged.filter((turn) => turn.role === 'assistant');
  const [only] = own;
  if (own.length === 1 && only && merged.length === 1 && only.calls.length === 0) {
    const texts = [...only.reasoning, ...only.content];
    const parts = texts.flatMap(thinkSegments).flatMap((segment) => context.split(segment));
    const label = options.labels?.get(only.index);
    return parts.length === 1 && label
      ? parts.map((text) => ({ text, label }))
      : parts.map((text) => ({ text }));
  }
  return agentSteps(merged, options);
}

/** A step for each turn of the model; what came between two of them is the first one's observation. */
function agentSteps(turns: readonly Turn[], options: ExchangeOptions): StepDraft[] {
  const steps: StepDraft[] = [];
  let at = 0;
  while (at < turns.length) {
    const turn = turns[at];
    const end = next(turns, at + 1, (other) => other.role === 'assistant');
    if (turn?.role === 'assistant') {
      const text = joinTexts([...turn.reasoning, ...turn.content, ...turn.calls], '\n');
      const answers: PlacedText[] = turns.slice(at + 1, end).flatMap((other) => other.content);
      const label = options.labels?.get(turn.index);
      steps.push({
        text,
        ...(answers.length > 0 && { observation: joinTexts(answers, '\n\n') }),
        ...(label && { label }),
      });
    }
    at = end;
  }
  return steps;
}

/** A turn that is nothing but thought belongs to the turn behind it (the Responses API keeps them apart). */
function mergeThoughts(turns: readonly Turn[]): Turn[] {
  const merged: Turn[] = [];
  let thoughts: PlacedText[] = [];
  for (const [at, turn] of turns.entries()) {
    const onlyThought = turn.role === 'assistant' && turn.content.length === 0 && turn.calls.length === 0;
    if (onlyThought && turns[at + 1]?.role === 'assistant') {
      for (const thought of turn.reasoning) thoughts.push(thought);
    } else if (thoughts.length > 0) {
      merged.push({ ...turn, reasoning: thoughts.concat(turn.reasoning) });
      thoughts = [];
    } else merged.push(turn);
  }
  return merged;
}
