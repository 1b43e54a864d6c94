import { type JsonNode, type JsonObject, rawOf } from '../json';
import { joinTexts, type PlacedText } from '../placed';
import type { FormatSample, ReadResult, StepDraft, TraceFormat } from './format';
import { detectObjects, firstText, NO_QUESTION } from './support';

/**
 * OpenHands: a list of events, each with `action` or `observation`, `source` (user, agent, environment), `args` and
 * `content`; or the resolver's output, an object with `instruction` and such a list in `history` (there the arguments stand
 * beside `action`; older files have pairs of an action and its observation). A step is an action of the agent with the
 * thought before it; what came back, and what a user says later, is its observation.
 */
export const openhands: TraceFormat = {
  id: 'openhands',
  label: 'OpenHands events',
  documentation: 'OpenHands: event stream (events/serialization), resolver output.jsonl',
  reads: 'json',
  wholeArray: (sample) => sample.shape === 'array' && isEventList(sample),
  detect(sample) {
    if (sample.shape === 'array' && isEventList(sample)) {
      return { confidence: 0.96, reason: 'a list of events with action or observation' };
    }
    return detectObjects(sample, 0.96, 'objects with a history of actions and observations', (record) =>
      eventsOf(record.array('history')?.items ?? []).some((event) => event.has('action') && isEvent(event)),
    );
  },
  *read({ node }): Iterable<ReadResult> {
    const events =
      node?.kind === 'array'
        ? node.items
        : node?.kind === 'object'
          ? node.array('history')?.items
          : undefined;
    if (!events) {
      yield { problem: 'a list of events, or an object with history, is expected' };
      return;
    }
    yield readEvents(eventsOf(events), node?.kind === 'object' ? node : undefined);
  },
};

function isEventList(sample: FormatSample): boolean {
  return (
    sample.records.length > 0 && sample.records.every((record) => record.kind === 'object' && isEvent(record))
  );
}

function isEvent(event: JsonObject): boolean {
  const kind = event.has('action') ? 'action' : 'observation';
  return event.string(kind) !== undefined && (event.has('args') || event.has('source') || !event.has('role'));
}

/** The events in order, pairs of an action and its observation taken apart. */
function eventsOf(items: readonly JsonNode[]): JsonObject[] {
  return items.flatMap((item) =>
    item.kind === 'array' ? item.objects() : item.kind === 'object' ? [item] : [],
  );
}

function readEvents(events: readonly JsonObject[], record: JsonObject | undefined): ReadResult {
  let question: PlacedText | undefined;
  const steps: { text: StepDraft['text']; answers: PlacedText[] }[] = [];
  for (const event of events) {
    const content = firstText(event.object('args') ?? event, 'content');
    const isTask = event.string('action')?.text === 'message' && event.string('source')?.text !== 'agent';
    if (isTask && !question && steps.length === 0) question = content;
    else if (event.has('observation') || isTask) {
      const answer = isTask ? content : firstText(event, 'content');
      if (answer) steps.at(-1)?.answers.push(answer);
    } else if (event.has('action')) {
      const text = actionText(event);
      if (text.text.trim() !== '') steps.push({ text, answers: [] });
    }
  }
  const success = record?.boolean('success');
  const issue = record?.object('issue')?.scalar('number')?.text;
  const id = (record && firstText(record, 'instance_id')?.text) ?? issue;
  return {
    question: question ?? (record && firstText(record, 'instruction')) ?? NO_QUESTION,
    steps: steps.map(({ text, answers }) =>
      answers.length === 0 ? { text } : { text, observation: joinTexts(answers, '\n\n') },
    ),
    ...(id !== undefined && { id }),
    ...(success !== undefined && { answerCorrect: success }),
  };
}

/** What an action does, under the names that its kinds give it. */
const DOES = [
  'command',
  'code',
  'content',
  'url',
  'browser_actions',
  'path',
  'file_text',
  'old_str',
  'new_str',
  'final_thought',
];
/** System messages, changes of the agent's state and the like are no steps. */
const NO_STEPS = new Set(['system', 'change_agent_state', 'null', 'recall', 'initialize']);

function actionText(event: JsonObject) {
  const args = event.object('args') ?? event;
  const kind = event.string('action')?.text ?? '';
  if (NO_STEPS.has(kind)) return joinTexts([], '\n');
  const parts: PlacedText[] = [];
  const thought = firstText(args, 'thought');
  if (thought) parts.push(thought);
  for (const key of DOES) {
    const value = firstText(args, key);
    if (value && value.text !== thought?.text) parts.push(value);
  }
  const outputs = args.object('outputs');
  if (kind === 'finish' && outputs && outputs.keys.length > 0) parts.push(rawOf(outputs));
  // An action with empty arguments ("finish") is told by the message that the event shows.
  const message = parts.length === 0 ? firstText(event, 'message') : undefined;
  return joinTexts(message ? [message] : parts, '\n');
}
