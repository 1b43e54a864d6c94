import { type JsonNode, type JsonObject, JsonString, tryParseJson } from '../../json';
import { addContent, readTurn, readTurns, type Turn } from './turn';

/** Layers of JSON in strings that are taken off: exports nest a message in a record in a column. */
const MAX_LAYERS = 3;

/** A value that may be JSON stored as a string, and that again: the innermost value. */
export function unpacked(node: JsonNode): JsonNode {
  let value = node;
  for (let layer = 0; layer < MAX_LAYERS && value instanceof JsonString; layer++) {
    const inner = /^\s*["[{]/.test(value.text) ? tryParseJson(value) : undefined;
    if (!inner) return value;
    value = inner;
  }
  return value;
}

/**
 * The turns in what a tracing tool recorded as the input or output of a call: messages, an object that holds them under
 * any of the usual names, a reply of an API, or plain text, which is then said by `role`.
 */
export function turnsIn(node: JsonNode | undefined, role: 'user' | 'assistant' | 'tool'): Turn[] {
  if (!node) return [];
  const value = unpacked(node);
  if (value.kind === 'string') return value.text.trim() === '' ? [] : [said(role, value)];
  if (value.kind === 'array') {
    const nested = value.items[0];
    return readTurns(nested?.kind === 'array' ? nested.items : value.items);
  }
  return value.kind === 'object' ? turnsInObject(value, role) : [];
}

const LISTS = ['messages', 'input_messages', 'output', 'input', 'prompts'] as const;
const TEXTS = [
  'prompt',
  'question',
  'query',
  'input',
  'text',
  'output',
  'answer',
  'response',
  'result',
] as const;

function turnsInObject(object: JsonObject, role: 'user' | 'assistant' | 'tool'): Turn[] {
  if (object.has('role') || object.has('kwargs')) {
    const turn = readTurn(object);
    if (turn) return [turn];
  }
  const choice = object.array('choices')?.items[0] ?? firstGeneration(object);
  if (choice) return replyOf(choice);
  const message = object.get('message');
  if (message?.kind === 'object') return turnsInObject(message, role);
  for (const key of LISTS) {
    const list = object.array(key);
    const turns = list ? turnsIn(list, role) : [];
    if (turns.length > 0) return turns;
  }
  for (const key of TEXTS) {
    const text = object.string(key);
    if (text && text.text.trim() !== '') return [said(role, text)];
  }
  // Of a request, content without a role can be anything; of a reply it is what was said.
  const content = role === 'user' ? undefined : object.get('content');
  return content ? [said(role, content)] : [];
}

/** LangChain: `generations`, a list of lists of `text` and `message`. */
function firstGeneration(object: JsonObject): JsonNode | undefined {
  const first = object.array('generations')?.items[0];
  return first?.kind === 'array' ? first.items[0] : first;
}

function replyOf(choice: JsonNode): Turn[] {
  const message = choice.kind === 'object' ? choice.get('message') : undefined;
  const turn = message && readTurn(message);
  if (turn) return [turn];
  const text = choice.kind === 'object' ? choice.string('text') : undefined;
  return text ? [said('assistant', text)] : [];
}

function said(role: Turn['role'], content: JsonNode): Turn {
  const turn: Turn = { role, reasoning: [], content: [], calls: [], index: 0 };
  addContent(turn, content);
  return turn;
}

/** A time for sorting: nanoseconds in digits, `[seconds, nanoseconds]`, milliseconds, or a date. 0 where there is none. */
export function timeOf(node: JsonNode | undefined): number {
  if (node?.kind === 'array') {
    const [seconds, nanos] = node.items;
    return seconds?.kind === 'number' && nanos?.kind === 'number' ? seconds.value * 1e9 + nanos.value : 0;
  }
  if (node?.kind === 'number') return node.value;
  if (node?.kind !== 'string') return 0;
  const time = /^\d+$/.test(node.text) ? Number(node.text) : Date.parse(node.text);
  return Number.isNaN(time) ? 0 : time;
}
