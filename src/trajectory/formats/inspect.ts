import type { JsonArray, JsonNode, JsonObject } from '../json';
import { joinTexts, type PlacedText, trimmed } from '../placed';
import type { Negative, SourceText } from '../trajectory';
import { withLast } from './chat';
import { readExchanges } from './chat/exchanges';
import { readTurns, type Turn } from './chat/turn';
import type { ReadContext, ReadResult, TraceDraft, TraceFormat } from './format';
import { detectObjects, firstText } from './support';

/**
 * Inspect AI logs: `.json`, one object with `eval` and `samples`, or `.eval`, a zip of `samples/<id>_epoch_<n>.json`. A
 * sample holds `input`, `target` (a string or a list), `choices`, `messages`, `scores` (`C` right, `I` wrong) and
 * `attachments`, the long texts that messages refer to as `attachment://<hash>`. Each sample is a trace; with tools, a
 * step is a turn.
 */
export const inspect: TraceFormat = {
  id: 'inspect',
  label: 'Inspect AI log',
  documentation: 'Inspect AI documentation, "Log files"; EvalLog and EvalSample',
  reads: 'json',
  elements: 'samples',
  detect: (sample) =>
    detectObjects(sample, 0.97, 'an Inspect log with eval, plan and samples', (record) =>
      Boolean(
        (record.object('eval') && record.has('samples')) ||
          (record.object('eval') && record.has('plan')) ||
          isSample(record),
      ),
    ),
  *read({ node, member, opening = false }, context): Iterable<ReadResult> {
    if (node?.kind !== 'object') {
      yield { problem: 'an Inspect log or one of its samples is expected' };
      return;
    }
    const task = node.object('eval')?.string('task')?.text;
    if (task !== undefined) context.memory.set('task', task);
    if (opening) return;
    const samples = node.array('samples')?.objects() ?? [];
    if (isSample(node)) yield* readSample(node, context);
    else if (samples.length > 0) for (const sample of samples) yield* readSample(sample, context);
    else if (member === undefined)
      yield { problem: 'the log holds no samples (it was written without them)' };
  },
};

function isSample(record: JsonObject): boolean {
  return record.has('id') && record.has('epoch') && record.has('input') && record.has('target');
}

function* readSample(sample: JsonObject, context: ReadContext): Iterable<ReadResult> {
  const turns = turnsOf(sample);
  const hasTools = turns.some((turn) => turn.role === 'tool' || turn.calls.length > 0);
  const drafts = readExchanges(turns, context, { oneTask: hasTools });
  const id = `${sample.scalar('id')?.text ?? 'sample'}/${sample.scalar('epoch')?.text ?? '1'}`;
  if (drafts.length === 0) yield { problem: `sample ${id}: it holds no message of the model` };
  const task = context.memory.get('task');
  const outcomes = withLast(drafts, outcomeOf(sample));
  for (const [index, draft] of outcomes.entries()) {
    yield {
      ...draft,
      id: index === 0 ? id : `${id}/${index + 1}`,
      ...(draft.question.text === '' && { question: inputOf(sample) }),
      ...(task !== undefined && { task }),
    };
  }
}

/** The messages; where the log keeps none, the input and the first choice of the output. */
function turnsOf(sample: JsonObject): Turn[] {
  const attachments = attachmentsOf(sample);
  const listed = readTurns(sample.array('messages')?.items ?? []);
  if (listed.length > 0) return listed.map((turn) => withAttachments(turn, attachments));
  const choice = sample.object('output')?.array('choices')?.objects()[0]?.object('message');
  return choice ? readTurns([choice]) : [];
}

function attachmentsOf(sample: JsonObject): ReadonlyMap<string, PlacedText> {
  const texts = new Map<string, PlacedText>();
  const object = sample.object('attachments');
  for (const [index, key] of (object?.keys ?? []).entries()) {
    const value = object?.values[index];
    if (value?.kind === 'string') texts.set(key, value);
  }
  return texts;
}

function withAttachments(turn: Turn, attachments: ReadonlyMap<string, PlacedText>): Turn {
  if (attachments.size === 0) return turn;
  const resolve = (text: PlacedText): PlacedText => {
    const hash = /^attachment:\/\/([0-9a-f]{8,64})$/.exec(text.text)?.[1];
    return (hash === undefined ? undefined : attachments.get(hash)) ?? text;
  };
  return { ...turn, content: turn.content.map(resolve), reasoning: turn.reasoning.map(resolve) };
}

function inputOf(sample: JsonObject): PlacedText | SourceText {
  const input = sample.get('input');
  if (input?.kind === 'string') return input;
  const turns = input?.kind === 'array' ? readTurns(input.items) : [];
  return joinTexts(
    turns.filter((turn) => turn.role === 'user').flatMap((turn) => turn.content),
    '\n\n',
  );
}

function outcomeOf(sample: JsonObject): Partial<TraceDraft> {
  const target = firstOf(sample.get('target'));
  const gold = target?.kind === 'string' ? trimmed(target) : target;
  const score = scoreOf(sample);
  const final = score && firstText(score, 'answer');
  const correct = score && verdict(score.get('value'));
  return {
    ...(gold &&
      gold.text !== '' && { goldAnswer: gold, negatives: otherChoices(sample.array('choices'), gold.text) }),
    ...(final && { finalAnswer: final.text.trim() }),
    ...(correct !== undefined && { answerCorrect: correct }),
  };
}

function firstOf(node: JsonNode | undefined) {
  const first = node?.kind === 'array' ? node.items[0] : node;
  return first?.kind === 'string' || first?.kind === 'number' ? first : undefined;
}

function scoreOf(sample: JsonObject): JsonObject | undefined {
  const scores = sample.object('scores')?.values.find((value) => value.kind === 'object');
  const first = scores?.kind === 'object' ? scores : undefined;
  return first ?? sample.object('score');
}

function verdict(value: JsonNode | undefined): boolean | undefined {
  if (value?.kind === 'string') return value.text === 'C' ? true : value.text === 'I' ? false : undefined;
  if (value?.kind === 'number' && (value.value === 0 || value.value === 1)) return value.value === 1;
  return value?.kind === 'boolean' ? value.value : undefined;
}

/** With `choices`, the target is the letter of one of them; the other letters are wrong answers. */
function otherChoices(choices: JsonArray | undefined, gold: string): Negative[] {
  if (!choices || !/^[A-Z]$/.test(gold)) return [];
  const letters = Array.from({ length: Math.min(26, choices.length) }, (_, index) =>
    String.fromCharCode(65 + index),
  );
  return letters.filter((letter) => letter !== gold).map((text) => ({ text, origin: 'option' }));
}
