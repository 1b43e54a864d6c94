import type { JsonObject, JsonString } from '../json';
import { goldOf } from './chat/gold';
import { hasThinkTags, thinkSegments } from './chat/think';
import type { FormatSample, ReadContext, ReadResult, TraceFormat } from './format';
import { identity } from './normalised';
import { detectObjects, firstText, NO_QUESTION } from './support';

const QUESTIONS = ['question', 'problem', 'prompt', 'instruction', 'query', 'input'] as const;
const RESPONSES = [
  'response',
  'output',
  'model_answer',
  'model_output',
  'completion',
  'generated_text',
  'generation',
  'prediction',
  'solution',
  'text',
] as const;

/**
 * Outputs of reasoning models, and question and response pairs in general: a record with one long text of the model,
 * thought and answer parted by `<think>` and `</think>` (the opening tag is often missing, as the prompt ended with it).
 * The response is the field with those tags whatever its name, else `response`, `output`, `completion` and the like; the
 * question stands in `question`, `problem`, `prompt`, `instruction`. Some such files have no question at all.
 */
export const think: TraceFormat = {
  id: 'think',
  label: 'Reasoning model outputs',
  documentation: 'model cards of DeepSeek-R1 and QwQ: <think> ... </think>',
  reads: 'json',
  detect(sample: FormatSample) {
    const tagged = detectObjects(sample, 0.85, 'objects with a response that holds </think>', (record) =>
      Boolean(taggedResponse(record)),
    );
    const plain = detectObjects(sample, 0.55, 'objects with a question and a response', (record) =>
      Boolean(firstText(record, ...QUESTIONS) && responseOf(record)),
    );
    return (tagged?.confidence ?? 0) >= (plain?.confidence ?? 0) ? tagged : plain;
  },
  *read({ node }, context): Iterable<ReadResult> {
    const response = node?.kind === 'object' ? responseOf(node) : undefined;
    if (node?.kind === 'object' && response) yield readResponse(node, response, context);
    else
      yield {
        problem: 'a response of the model (a text with <think> tags, or response, output ...) is expected',
      };
  },
};

function readResponse(record: JsonObject, response: JsonString, context: ReadContext): ReadResult {
  const gold = goldOf(record);
  const verdict = record.get('eval_result') ?? record.get('correct') ?? record.get('is_correct');
  return {
    question: questionOf(record, response) ?? NO_QUESTION,
    steps: thinkSegments(response)
      .flatMap((text) => context.split(text))
      .map((text) => ({ text })),
    ...identity(record),
    ...(gold && gold !== response && { goldAnswer: gold }),
    ...(verdict?.kind === 'boolean' && { answerCorrect: verdict.value }),
    ...(verdict?.kind === 'number' &&
      (verdict.value === 0 || verdict.value === 1) && { answerCorrect: verdict.value === 1 }),
  };
}

function questionOf(record: JsonObject, response: JsonString): JsonString | undefined {
  for (const key of QUESTIONS) {
    const value = record.string(key);
    if (value && value !== response && value.text.trim() !== '') return value;
  }
  return undefined;
}

/** The longest text with a thought's marks. */
function taggedResponse(record: JsonObject): JsonString | undefined {
  let best: JsonString | undefined;
  for (const value of record.values) {
    if (value.kind !== 'string' || value.text.length <= (best?.text.length ?? 0)) continue;
    if (hasThinkTags(value.text)) best = value;
  }
  return best;
}

function responseOf(record: JsonObject): JsonString | undefined {
  const tagged = taggedResponse(record);
  if (tagged) return tagged;
  for (const key of RESPONSES) {
    const value = record.string(key);
    if (value && value.text.trim() !== '') return value;
  }
  return undefined;
}
