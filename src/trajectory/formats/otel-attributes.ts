import type { JsonNode, JsonObject } from '../json';
import { turnsIn, unpacked } from './chat/payload';
import { readTurns, roleOf, type Turn } from './chat/turn';

export type Attributes = ReadonlyMap<string, JsonNode>;

/**
 * A span's attributes and those of its events by name: an object (SDK exports), or OTLP's list of `key` and `value`
 * (`{"stringValue": ...}`).
 */
export function attributesOf(span: JsonObject): Attributes {
  const found = new Map<string, JsonNode>();
  for (const event of span.array('events')?.objects() ?? []) add(found, event.get('attributes'));
  const own = span.get('attributes');
  add(found, own && own.kind !== 'null' ? own : span);
  return found;
}

function add(found: Map<string, JsonNode>, node: JsonNode | undefined): void {
  if (node?.kind === 'object')
    for (const [index, key] of node.keys.entries()) set(found, key, node.values[index]);
  if (node?.kind !== 'array') return;
  for (const item of node.objects()) {
    const value = item.get('value');
    set(found, item.string('key')?.text ?? '', value?.kind === 'object' ? otlpValue(value) : value);
  }
}

function set(found: Map<string, JsonNode>, key: string, value: JsonNode | undefined): void {
  if (key !== '' && value) found.set(key, value);
}

function otlpValue(value: JsonObject): JsonNode | undefined {
  return value.get('stringValue') ?? value.object('arrayValue')?.get('values') ?? value.values[0];
}

/** The turns that a span of a model's call carries, or none. */
export function turnsOfSpan(attributes: Attributes): { input: Turn[]; output: Turn[] } {
  for (const [input, output] of MESSAGE_KEYS) {
    const from = listed(attributes.get(input));
    const to = listed(attributes.get(output));
    if (from.length > 0 || to.length > 0) return { input: from, output: to };
  }
  const flat = { input: flattened(attributes, INPUT), output: flattened(attributes, OUTPUT) };
  if (flat.input.length > 0 || flat.output.length > 0) return flat;
  const answer = vercelAnswer(attributes);
  if (answer.length > 0) return { input: vercelQuestion(attributes), output: answer };
  const kind = attributes.get('openinference.span.kind');
  if (kind?.kind !== 'string' || kind.text !== 'LLM') return { input: [], output: [] };
  return {
    input: turnsIn(attributes.get('input.value'), 'user'),
    output: turnsIn(attributes.get('output.value'), 'assistant'),
  };
}

/** Whole messages in one attribute: the GenAI conventions, and events of their older versions. */
const MESSAGE_KEYS = [
  ['gen_ai.input.messages', 'gen_ai.output.messages'],
  ['gen_ai.prompt', 'gen_ai.completion'],
] as const;

function listed(node: JsonNode | undefined): Turn[] {
  const value = node && unpacked(node);
  return value?.kind === 'array' ? readTurns(value.items) : [];
}

/** One attribute a field: OpenInference (`llm.input_messages.0.message.role`), OpenLLMetry (`gen_ai.prompt.0.content`). */
const INPUT = /^(?:llm\.input_messages|gen_ai\.prompt)\.(\d{1,5})\.(?:message\.)?(.+)$/;
const OUTPUT = /^(?:llm\.output_messages|gen_ai\.completion)\.(\d{1,5})\.(?:message\.)?(.+)$/;

function flattened(attributes: Attributes, pattern: RegExp): Turn[] {
  const messages = new Map<number, Map<string, JsonNode>>();
  for (const [key, value] of attributes) {
    const [, index, field = ''] = pattern.exec(key) ?? [];
    if (index === undefined) continue;
    const fields = messages.get(Number(index)) ?? new Map<string, JsonNode>();
    messages.set(Number(index), fields.set(field, value));
  }
  const sorted = [...messages].sort(([a], [b]) => a - b);
  return sorted.flatMap(([index, fields]) => flatTurn(index, fields) ?? []);
}

const CONTENT = /^content$|^contents\.\d+\.message_content\.text$/;
const REASONING = /^reasoning(?:_content)?$|^contents\.\d+\.message_content\.reasoning$/;
const CALL = /^(?:tool_calls\.\d+\.(?:tool_call\.)?(?:function\.)?|function_call[._])(?:name|arguments)$/;

function flatTurn(index: number, fields: ReadonlyMap<string, JsonNode>): Turn | undefined {
  const word = fields.get('role');
  const role = roleOf(word?.kind === 'string' ? word.text : undefined);
  if (!role) return undefined;
  const turn: Turn = { role, reasoning: [], content: [], calls: [], index };
  for (const [field, value] of fields) {
    if (value.kind !== 'string') continue;
    if (CONTENT.test(field)) turn.content.push(value);
    else if (REASONING.test(field)) turn.reasoning.push(value);
    else if (CALL.test(field)) turn.calls.push(value);
  }
  return turn;
}

/** The AI SDK (Vercel): `ai.prompt.messages` or `ai.prompt`, `ai.response.text`, `ai.response.toolCalls`. */
function vercelQuestion(attributes: Attributes): Turn[] {
  const messages = listed(attributes.get('ai.prompt.messages'));
  return messages.length > 0 ? messages : turnsIn(attributes.get('ai.prompt'), 'user');
}

function vercelAnswer(attributes: Attributes): Turn[] {
  const turn: Turn = { role: 'assistant', reasoning: [], content: [], calls: [], index: 0 };
  const reasoning = attributes.get('ai.response.reasoning');
  if (reasoning?.kind === 'string') turn.reasoning.push(reasoning);
  const text = attributes.get('ai.response.text');
  if (text?.kind === 'string' && text.text !== '') turn.content.push(text);
  const calls = attributes.get('ai.response.toolCalls');
  const list = calls && unpacked(calls);
  for (const call of list?.kind === 'array' ? list.objects() : []) {
    for (const key of ['toolName', 'args', 'input']) {
      const value = call.string(key);
      if (value) turn.calls.push(value);
    }
  }
  return turn.reasoning.length + turn.content.length + turn.calls.length > 0 ? [turn] : [];
}
