import type { JsonArray, JsonObject } from '../json';
import type { StepLabel } from '../trajectory';
import { readExchanges } from './chat/exchanges';
import { goldOf } from './chat/gold';
import { readTurn, readTurns } from './chat/turn';
import type { FormatSample, ReadContext, ReadResult, TraceDraft, TraceFormat } from './format';
import { identity } from './normalised';
import { detectObjects } from './support';

/**
 * OpenAI chat messages: `messages`, a list of `role` and `content` (a string, a list of parts, or null), with
 * `reasoning_content`, `tool_calls` and tool turns where there are some. Beside them as far as known `answer` or
 * `ground_truth`, `step_labels` (1, 0, -1 by message position, as AgentProcessBench writes them), `final_label`, `id`.
 * A file may also be one list of messages. Each question of the user with the answer to it is a trace.
 */
export const chat: TraceFormat = {
  id: 'chat',
  label: 'Chat messages',
  documentation: "OpenAI API reference, chat completions; the fine-tuning guide's messages format",
  reads: 'json',
  wholeArray: isMessageList,
  detect(sample) {
    if (isMessageList(sample))
      return { confidence: 0.75, reason: 'a list of messages with role and content' };
    return detectObjects(
      sample,
      0.8,
      'objects with a list of messages',
      (record) => messagesOf(record) !== undefined,
    );
  },
  *read({ node }, context): Iterable<ReadResult> {
    if (node?.kind === 'object') yield* readRecord(node, context);
    else if (node?.kind === 'array') yield* orReason(readExchanges(readTurns(node.items), context));
    else yield { problem: 'an object with messages, or a list of messages, is expected' };
  },
};

/** A file that is one array of messages. */
export function isMessageList(sample: FormatSample): boolean {
  return (
    sample.shape === 'array' &&
    sample.records.length > 0 &&
    sample.records.every((record) => record.kind === 'object' && record.has('role') && record.has('content'))
  );
}

function messagesOf(record: JsonObject): JsonArray | undefined {
  const messages = record.array('messages');
  return messages?.items.some((item) => readTurn(item) !== undefined) ? messages : undefined;
}

function* readRecord(record: JsonObject, context: ReadContext): Iterable<ReadResult> {
  const messages = messagesOf(record);
  if (!messages) {
    yield { problem: 'messages, a list of role and content, is expected' };
    return;
  }
  const labels = stepLabels(record);
  const drafts = readExchanges(readTurns(messages.items), context, { labels });
  const gold = goldOf(record);
  const final = record.string('answer_text');
  const verdict = record.number('final_label');
  yield* orReason(
    withLast(drafts, {
      ...(gold && { goldAnswer: gold }),
      ...(final && { finalAnswer: final.text }),
      ...(verdict !== undefined && verdict !== 0 && { answerCorrect: verdict > 0 }),
    }).map((draft, index) => ({ ...draft, ...exchangeId(record, index) })),
  );
}

/** What a record says of its answer belongs to the last exchange. */
export function withLast(drafts: readonly TraceDraft[], outcome: Partial<TraceDraft>): TraceDraft[] {
  return drafts.map((draft, index) => (index === drafts.length - 1 ? { ...draft, ...outcome } : draft));
}

/** The record's id, with the number of the exchange from the second one on. */
export function exchangeId(record: JsonObject, index: number): Pick<TraceDraft, 'id' | 'task'> {
  const { id, task } = identity(record);
  return {
    ...(id !== undefined && { id: index === 0 ? id : `${id}/${index + 1}` }),
    ...(task !== undefined && { task }),
  };
}

export function* orReason(drafts: readonly TraceDraft[]): Iterable<ReadResult> {
  if (drafts.length === 0) yield { problem: 'the conversation holds no message of the model' };
  yield* drafts;
}

/** `step_labels`: an object from message positions to 1 (correct), 0 (neutral) and -1 (incorrect). */
function stepLabels(record: JsonObject): Map<number, StepLabel> {
  const labels = new Map<number, StepLabel>();
  const object = record.object('step_labels');
  for (const [index, key] of (object?.keys ?? []).entries()) {
    const value = object?.values[index];
    if (value?.kind !== 'number' || !/^\d{1,6}$/.test(key)) continue;
    labels.set(Number(key), value.value > 0 ? 'correct' : value.value < 0 ? 'incorrect' : 'neutral');
  }
  return labels;
}
