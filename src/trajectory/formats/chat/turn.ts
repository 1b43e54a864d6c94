import { type JsonNode, type JsonObject, rawOf, tryParseJson } from '../../json';
import type { PlacedText } from '../../placed';

/** One turn of a conversation, whoever wrote it down and however. */
export interface Turn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  /** What the model thought before it spoke: `reasoning_content`, reasoning parts. */
  readonly reasoning: PlacedText[];
  /** What was said, or in a tool's turn what the tool answered. */
  readonly content: PlacedText[];
  /** The tools that the model called: name, then arguments. */
  readonly calls: PlacedText[];
  /** Position of the message in its list. */
  readonly index: number;
}

const ROLES: Readonly<Record<string, Turn['role']>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  gpt: 'assistant',
  chatgpt: 'assistant',
  bot: 'assistant',
  ai: 'assistant',
  aimessage: 'assistant',
  aimessagechunk: 'assistant',
  humanmessage: 'user',
  systemmessage: 'system',
  toolmessage: 'tool',
  functionmessage: 'tool',
  model: 'assistant',
  agent: 'assistant',
  function_call: 'assistant',
  tool_call: 'assistant',
  reasoning: 'assistant',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
  tool_response: 'tool',
  function_call_output: 'tool',
  ipython: 'tool',
  environment: 'tool',
};

/** The role that a word stands for, in any of the usual spellings. */
export function roleOf(word: string | undefined): Turn['role'] | undefined {
  const key = word?.toLowerCase() ?? '';
  return Object.hasOwn(ROLES, key) ? ROLES[key] : undefined;
}

/** The turns of a list of messages; what is no message is left out. */
export function readTurns(messages: readonly JsonNode[]): Turn[] {
  return messages.flatMap((message, index) => readTurn(message, index) ?? []);
}

/**
 * Reads one message. The names differ between projects, not the parts: who (`role`, `from`, `type`, `author.role`), what
 * (`content`, `value`, `text`, `parts`), the thought before it (`reasoning_content`, `reasoning`, `thinking`), the calls
 * (`tool_calls`, `function_call`).
 */
export function readTurn(message: JsonNode, index = 0): Turn | undefined {
  const object = unwrap(message);
  const word =
    object?.string('role') ??
    object?.string('from') ??
    object?.object('author')?.string('role') ??
    object?.string('type');
  const role = roleOf(word?.text) ?? roleOf(classOf(message));
  if (!object || !role) return undefined;
  const turn: Turn = { role, reasoning: [], content: [], calls: [], index };
  for (const key of ['reasoning_content', 'reasoning', 'thinking', 'thought']) {
    const reasoning = object.string(key);
    if (reasoning) turn.reasoning.push(reasoning);
  }
  if (word?.text === 'function_call' || word?.text === 'tool_call') {
    addCall(turn, object.get('value') ?? object);
    return turn;
  }
  for (const key of ['content', 'value', 'text', 'parts', 'output', 'summary']) {
    const value = object.get(key);
    if (value && value.kind !== 'null') {
      addContent(turn, value, word?.text === 'reasoning');
      break;
    }
  }
  const calls = object.array('tool_calls')?.items ?? [];
  for (const call of calls) addCall(turn, call);
  const single = object.get('function_call');
  if (single) addCall(turn, single);
  return turn;
}

/** LangChain's serialised messages keep the message under `kwargs` and its class in `id`; others wrap it in `message`. */
function unwrap(message: JsonNode): JsonObject | undefined {
  if (message.kind !== 'object') return undefined;
  return message.object('kwargs') ?? message.object('data') ?? message.object('message') ?? message;
}

function classOf(message: JsonNode): string | undefined {
  if (message.kind !== 'object') return undefined;
  const id = message.array('id')?.items.at(-1);
  return id?.kind === 'string' ? id.text : message.string('type')?.text;
}

const REASONING_PARTS = new Set(['reasoning', 'thinking', 'thought', 'redacted_thinking']);
const CALL_PARTS = new Set(['tool_call', 'tool_use', 'function_call', 'tool-call']);

/** Content: a string, a list of strings and parts, or one part. */
export function addContent(turn: Turn, node: JsonNode, reasoning = false): void {
  if (node.kind === 'string') (reasoning ? turn.reasoning : turn.content).push(node);
  else if (node.kind === 'array') for (const item of node.items) addContent(turn, item, reasoning);
  else if (node.kind === 'object') addPart(turn, node, reasoning);
}

function addPart(turn: Turn, part: JsonObject, reasoning: boolean): void {
  const type = part.string('type')?.text ?? '';
  if (CALL_PARTS.has(type)) {
    addCall(turn, part.get('value') ?? part);
    return;
  }
  const thinks = reasoning || REASONING_PARTS.has(type);
  for (const key of [
    'text',
    'value',
    'content',
    'reasoning',
    'thinking',
    'response',
    'result',
    'output',
    'parts',
  ]) {
    const value = part.get(key);
    if (value && value.kind !== 'null') {
      addContent(turn, value, thinks);
      return;
    }
  }
}

/** A call: `{name, arguments}`, wrapped in `function`, spelt `args` or `input`, or all of it as JSON in a string. */
function addCall(turn: Turn, node: JsonNode): void {
  if (node.kind === 'string') {
    const inner = tryParseJson(node);
    if (inner?.kind === 'object') addCall(turn, inner);
    else turn.calls.push(node);
    return;
  }
  if (node.kind !== 'object') return;
  const call = node.object('function') ?? node;
  const name = call.string('name') ?? call.string('function_name') ?? call.string('function');
  if (name) turn.calls.push(name);
  for (const key of ['arguments', 'args', 'input', 'parameters']) {
    const value = call.get(key);
    if (value?.kind === 'string') turn.calls.push(value);
    else if (value?.kind === 'object' || value?.kind === 'array') turn.calls.push(rawOf(value));
    else continue;
    return;
  }
}
