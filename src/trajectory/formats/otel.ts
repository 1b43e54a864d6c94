import type { JsonNode, JsonObject } from '../json';
import { conversationOf, type TracedCall } from './chat/calls';
import { readExchanges } from './chat/exchanges';
import { timeOf, turnsIn } from './chat/payload';
import type { FormatSample, ReadResult, TraceFormat } from './format';
import { type Attributes, attributesOf, turnsOfSpan } from './otel-attributes';
import { detectObjects } from './support';

/**
 * OpenTelemetry spans: OTLP/JSON (`resourceSpans`), spans as SDKs print them (`name`, `spanContext`, `attributes`), a list
 * of them, or bare attributes. The conversation is read from the GenAI conventions (`gen_ai.input.messages`), OpenInference
 * (`llm.input_messages.0.message.role`), OpenLLMetry (`gen_ai.prompt.0.content`) and the AI SDK (`ai.prompt.messages`).
 * The calls of one trace are put together to one conversation.
 */
export const otel: TraceFormat = {
  id: 'otel',
  label: 'OpenTelemetry spans',
  documentation:
    'OpenTelemetry semantic conventions for generative AI; OpenInference specification; OTLP/JSON',
  reads: 'json',
  wholeArray: (sample: FormatSample) => sample.shape === 'array',
  detect: (sample) => detectObjects(sample, 0.95, 'OpenTelemetry spans or their attributes', isSpanRecord),
  *read({ node }, context): Iterable<ReadResult> {
    const spans = node ? spansIn(node) : [];
    const traces = new Map<string, TracedCall[]>();
    for (const span of spans) {
      const call = callOf(span);
      if (!call) continue;
      const id = traceIdOf(span);
      const calls = traces.get(id);
      if (calls) calls.push(call);
      else traces.set(id, [call]);
    }
    let found = false;
    for (const [id, calls] of traces) {
      const drafts = readExchanges(conversationOf(calls), context);
      for (const [index, draft] of drafts.entries()) {
        found = true;
        yield { ...draft, ...(id !== '' && { id: index === 0 ? id : `${id}/${index + 1}` }) };
      }
    }
    if (!found) yield { problem: 'no span carries messages of a model (gen_ai.*, llm.*, ai.* attributes)' };
  },
};

const KEY = /^(?:gen_ai|llm|openinference|ai\.(?:prompt|response|operationId))\b/;

function isSpanRecord(record: JsonObject): boolean {
  if (record.array('resourceSpans') || record.has('spanContext')) return true;
  if (record.has('attributes') && (record.has('spanId') || record.has('span_id') || record.has('context')))
    return true;
  return record.keys.some((key) => KEY.test(key) && key.includes('.'));
}

/** The spans in a value: OTLP's three levels, a list, or one span. */
function spansIn(node: JsonNode): JsonObject[] {
  if (node.kind === 'array') return node.objects().flatMap(spansIn);
  if (node.kind !== 'object') return [];
  const resources = node.array('resourceSpans')?.objects();
  if (!resources) return [node];
  return resources.flatMap((resource) => {
    const scopes = resource.array('scopeSpans') ?? resource.array('instrumentationLibrarySpans');
    return (scopes?.objects() ?? []).flatMap((scope) => scope.array('spans')?.objects() ?? []);
  });
}

function traceIdOf(span: JsonObject): string {
  const context = span.object('spanContext') ?? span.object('context') ?? span;
  return (context.string('traceId') ?? context.string('trace_id'))?.text ?? '';
}

function callOf(span: JsonObject): TracedCall | undefined {
  const attributes = attributesOf(span);
  const time = timeOf(span.get('startTimeUnixNano') ?? span.get('startTime') ?? span.get('start_time'));
  const { input, output } = turnsOfSpan(attributes);
  if (output.length > 0) return { kind: 'model', time, input, output };
  const result = toolResult(attributes);
  return result ? { kind: 'tool', time, input: [], output: turnsIn(result, 'tool') } : undefined;
}

/** What a tool's span says came back. */
function toolResult(attributes: Attributes): JsonNode | undefined {
  const kind = attributes.get('openinference.span.kind');
  const isTool = kind?.kind === 'string' && kind.text === 'TOOL';
  return attributes.get('gen_ai.tool.call.result') ?? (isTool ? attributes.get('output.value') : undefined);
}
