import type { JsonNode, JsonObject } from '../json';
import { UnplacedText } from '../placed';
import { exchangeId, orReason, withLast } from './chat';
import { readExchanges } from './chat/exchanges';
import { goldOf } from './chat/gold';
import { readTurns, type Turn } from './chat/turn';
import type { ReadResult, TraceFormat } from './format';
import { detectObjects } from './support';

/**
 * ShareGPT and its variants: `conversations`, a list of `from` (human, gpt, system, function_call, observation, or the
 * OpenAI roles) and `value`; or `conversation`, a list of `human` and `assistant` pairs with `system` beside it (ms-swift).
 */
export const sharegpt: TraceFormat = {
  id: 'sharegpt',
  label: 'ShareGPT conversations',
  documentation: 'FastChat and LLaMA-Factory data formats; ms-swift custom data sets',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.9, 'objects with conversations', (record) => turnsOf(record).length > 0),
  *read({ node }, context): Iterable<ReadResult> {
    if (node?.kind !== 'object') {
      yield { problem: 'an object with conversations is expected' };
      return;
    }
    const gold = goldOf(node);
    const drafts = readExchanges(turnsOf(node), context);
    yield* orReason(
      withLast(drafts, gold ? { goldAnswer: gold } : {}).map((draft, index) => ({
        ...draft,
        ...exchangeId(node, index),
      })),
    );
  },
};

function turnsOf(record: JsonObject): Turn[] {
  const list = record.array('conversations') ?? record.array('conversation');
  return list ? readTurns(list.items).concat(list.items.flatMap(readPair)) : [];
}

/** `{"human": ..., "assistant": ...}`: two turns in one object. */
function readPair(node: JsonNode, index: number): Turn[] {
  const human = node.kind === 'object' ? node.string('human') : undefined;
  const assistant = node.kind === 'object' ? node.string('assistant') : undefined;
  if (!human && !assistant) return [];
  const rest = { reasoning: [], calls: [], index };
  return [
    { role: 'user', content: [human ?? new UnplacedText('')], ...rest },
    { role: 'assistant', content: assistant ? [assistant] : [], ...rest },
  ];
}
