import { readFinalAnswer } from '../answers';
import type { JsonNode, JsonObject, JsonString } from '../json';
import type { PlacedText } from '../placed';
import { thinkSegments } from './chat/think';
import type { ReadContext, ReadResult, TraceFormat } from './format';
import { answerIn, detectObjects, firstText, NO_QUESTION, siblingNegatives } from './support';

/**
 * Samples of the lm-evaluation-harness (`--log_samples`): `doc` (the task's own record), `target`, `arguments` (the
 * prompts: a list of lists, or an object of `gen_args_0.arg_0`), `resps` (for each request its responses),
 * `filtered_resps`, `filter`, `metrics`. Each response is a trace. The harness writes a row for every filter with the same
 * responses: only the rows of the first filter are read. Tasks that compare likelihoods hold no reasoning.
 */
export const lmEval: TraceFormat = {
  id: 'lm-eval',
  label: 'lm-evaluation-harness samples',
  documentation: 'EleutherAI/lm-evaluation-harness, --log_samples; evaluator.py',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.98, 'objects with doc_id, doc, resps and filtered_resps', (record) =>
      Boolean(record.has('doc_id') && record.has('doc') && record.array('resps')),
    ),
  *read({ node }, context): Iterable<ReadResult> {
    if (node?.kind !== 'object' || !node.array('resps')) {
      yield { problem: 'doc and resps are expected' };
      return;
    }
    if (isOfFilter(node, context.memory)) yield* readRow(node, context);
  },
};

/**
 * Whether the row is of the file's first filter. A first row whose filter is odd must not cost all others: where the next
 * row of another document has another filter, that one counts.
 */
function isOfFilter(row: JsonObject, memory: Map<string, string>): boolean {
  const filter = row.string('filter')?.text ?? 'none';
  const doc = row.scalar('doc_id')?.text ?? '';
  const first = memory.get('filter');
  const onlyDoc = memory.get('only document');
  if (first === undefined || (first !== filter && onlyDoc !== undefined && onlyDoc !== doc)) {
    memory.set('filter', filter);
    memory.set('only document', doc);
    return true;
  }
  if (filter === first) memory.delete('only document');
  return filter === first;
}

function* readRow(row: JsonObject, context: ReadContext): Iterable<ReadResult> {
  const responses = (row.array('resps')?.items ?? []).flatMap(stringsIn);
  if (responses.length === 0) {
    yield { problem: 'the row holds likelihoods of given answers, no reasoning that was generated' };
    return;
  }
  const question = questionOf(row);
  const gold = goldOf(row);
  const filtered = (row.array('filtered_resps')?.items ?? []).flatMap(stringsIn);
  const answers = responses.map(
    (response, index) => filteredAnswer(filtered[index]) ?? readFinalAnswer(response.text),
  );
  const negativesFor = siblingNegatives(answers, gold?.text);
  const id = row.scalar('doc_id')?.text;
  for (const [index, response] of responses.entries()) {
    const final = answers[index];
    const correct = responses.length === 1 ? correctness(row) : undefined;
    yield {
      question,
      steps: thinkSegments(response)
        .flatMap((text) => context.split(text))
        .map((text) => ({ text })),
      negatives: negativesFor(final),
      ...(id !== undefined && { id: responses.length === 1 ? id : `${id}/${index + 1}` }),
      ...(gold && { goldAnswer: gold }),
      ...(final !== undefined && { finalAnswer: final }),
      ...(correct !== undefined && { answerCorrect: correct }),
    };
  }
}

/** Strings in a list of lists. Pairs of a likelihood and a flag, which other tasks write there, are no responses. */
function stringsIn(node: JsonNode): JsonString[] {
  if (node.kind === 'string') return [node];
  if (node.kind !== 'array') return [];
  const [first, second] = node.items;
  const isPair = node.length === 2 && second?.kind === 'string' && /^(?:True|False)$/.test(second.text);
  return isPair && first?.kind === 'string' && /^-?[\d.einf]+$/.test(first.text)
    ? []
    : node.items.flatMap(stringsIn);
}

/** The task's own question; where the record has none, the prompt as the model got it. */
function questionOf(row: JsonObject): PlacedText {
  const doc = row.object('doc');
  const own = doc && firstText(doc, 'question', 'problem', 'input', 'query', 'prompt');
  if (own) return own;
  const list = row.array('arguments')?.items[0];
  const prompt =
    list?.kind === 'array' ? list.items[0] : row.object('arguments')?.object('gen_args_0')?.get('arg_0');
  return prompt?.kind === 'string' ? prompt : NO_QUESTION;
}

/** `target`: the answer, or a whole solution that ends in it. */
function goldOf(row: JsonObject): PlacedText | undefined {
  const target = firstText(row, 'target');
  if (!target) return undefined;
  return /[\n]|####|\\boxed/.test(target.text) ? (answerIn(target) ?? target) : target;
}

function filteredAnswer(response: JsonString | undefined): string | undefined {
  const text = response?.text.trim();
  return text === undefined || text === '' || text === '[invalid]' || text.length > 200 ? undefined : text;
}

/** The row's first metric that is 0 or 1. */
function correctness(row: JsonObject): boolean | undefined {
  for (const metric of row.array('metrics')?.items ?? []) {
    const value = metric.kind === 'string' ? row.number(metric.text) : undefined;
    if (value === 0 || value === 1) return value === 1;
  }
  return undefined;
}
