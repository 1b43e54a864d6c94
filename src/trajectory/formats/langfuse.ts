import type { JsonArray, JsonObject } from '../json';
import { conversationOf, type TracedCall } from './chat/calls';
import { readExchanges } from './chat/exchanges';
import { timeOf, turnsIn } from './chat/payload';
import type { ReadContext, ReadResult, TraceFormat } from './format';
import { detectObjects } from './support';

/**
 * Langfuse exports: an object of `trace` and `observations`, a trace with its `observations`, or one observation. Of an
 * observation of type GENERATION `input` and `output` are messages, or JSON text of messages; of type TOOL they are a
 * call and its result. `startTime` gives the order.
 */
export const langfuse: TraceFormat = {
  id: 'langfuse',
  label: 'Langfuse trace',
  documentation: 'Langfuse documentation, "Data model" and the traces API',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.96, 'Langfuse traces or observations', (record) =>
      Boolean(isObservation(record) || observationsOf(record)?.objects().some(isObservation)),
    ),
  *read({ node }, context): Iterable<ReadResult> {
    if (node?.kind === 'object') yield* readTrace(node, context);
    else yield { problem: 'a Langfuse trace with observations, or an observation, is expected' };
  },
};

const TYPES = new Set([
  'GENERATION',
  'SPAN',
  'EVENT',
  'AGENT',
  'TOOL',
  'CHAIN',
  'RETRIEVER',
  'EVALUATOR',
  'EMBEDDING',
]);

function isObservation(record: JsonObject): boolean {
  return (
    TYPES.has(record.string('type')?.text ?? '') &&
    (record.has('traceId') || record.has('parentObservationId'))
  );
}

/** The observations with their inputs and outputs; those inside `trace` come without. */
function observationsOf(record: JsonObject): JsonArray | undefined {
  return record.array('observations') ?? record.object('trace')?.array('observations');
}

function* readTrace(record: JsonObject, context: ReadContext): Iterable<ReadResult> {
  const observations = observationsOf(record)?.objects() ?? [record];
  const trace = record.object('trace') ?? record;
  const asked = isObservation(record) ? [] : turnsIn(trace.get('input'), 'user');
  const conversation = conversationOf(
    observations.flatMap(callOf),
    asked.filter((turn) => turn.role === 'user'),
  );
  // A trace without recorded generations may still say what went in and what came out.
  const turns =
    conversation.length > 0 || isObservation(record)
      ? conversation
      : [...asked, ...turnsIn(trace.get('output'), 'assistant')];
  const drafts = readExchanges(turns, context);
  if (drafts.length === 0) yield { problem: 'no generation in the trace holds a message of the model' };
  const id = trace.string('id')?.text;
  for (const [index, draft] of drafts.entries()) {
    yield id === undefined ? draft : { ...draft, id: index === 0 ? id : `${id}/${index + 1}` };
  }
}

function callOf(observation: JsonObject): TracedCall[] {
  const type = observation.string('type')?.text;
  const time = timeOf(observation.get('startTime'));
  if (type === 'TOOL') {
    return [{ kind: 'tool', time, input: [], output: turnsIn(observation.get('output'), 'tool') }];
  }
  if (type !== 'GENERATION') return [];
  const input = turnsIn(observation.get('input'), 'user');
  return [{ kind: 'model', time, input, output: turnsIn(observation.get('output'), 'assistant') }];
}
