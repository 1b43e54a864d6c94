import type { JSONPathQuery } from 'json-p3';
import type { ReadContext, ReadResult, TraceFormat } from '../formats/format';
import { answerIn, labelled, NO_QUESTION, negativesOf } from '../formats/support';
import type { JsonNode, JsonScalar } from '../json';
import { joinTexts, type PlacedText } from '../placed';
import { readLabels } from './labels';
import { FIELD_NAMES, type FieldMapping, type FieldName, FieldsError } from './mapping';
import { compilePath, matches, type Queried, queried } from './query';

type Queries = ReadonlyMap<FieldName, JSONPathQuery>;

/** An answer longer than this is a solution that ends in one. */
const LONG_ANSWER = 120;

/**
 * The format of records whose schema a person has mapped: each field is what its JSONPath query (RFC 9535) matches.
 * @throws {FieldsError} a path is malformed
 */
export function fieldsFormat(mapping: FieldMapping): TraceFormat {
  const queries = new Map<FieldName, JSONPathQuery>();
  for (const field of FIELD_NAMES) {
    const path = mapping[field];
    if (path === undefined) continue;
    const compiled = compilePath(path);
    if (typeof compiled === 'string') throw new FieldsError(`${field}: ${compiled}`);
    queries.set(field, compiled);
  }
  return {
    id: 'fields',
    label: 'mapped fields',
    documentation: 'docs/formats.md, "Other JSON"; RFC 9535',
    reads: 'json',
    detect: () => undefined,
    *read({ node }, context): Iterable<ReadResult> {
      if (!node) {
        yield { problem: 'fields can be mapped in JSON only' };
        return;
      }
      const record = queried(node);
      const records = queries.get('records');
      const traces = records ? matches(record, records) : [record];
      if (traces.length === 0) yield { problem: `records: ${mapping.records} matches nothing here` };
      for (const trace of traces) yield readTrace(trace, queries, mapping, context);
    },
  };
}

function readTrace(
  trace: Queried,
  queries: Queries,
  mapping: FieldMapping,
  context: ReadContext,
): ReadResult {
  const found = (field: FieldName): JsonNode[] => {
    const query = queries.get(field);
    return query ? matches(trace, query).map(({ node }) => node) : [];
  };
  const steps = stepsOf(found('steps'), queries.get('steps')?.singularQuery() ?? false, context);
  if (typeof steps === 'string') return { problem: `steps: ${mapping.steps} ${steps}` };
  const question = scalars(found('question'));
  if (queries.has('question') && question.length === 0) {
    return { problem: `question: ${mapping.question} matches no text here` };
  }
  const gold = answerOf(scalars(found('answer'))[0]);
  const [id] = scalars(found('id'));
  const { labels, firstError } = readLabels(found('labels'), steps.length);
  return {
    question: question.length === 0 ? NO_QUESTION : joinTexts(question, '\n\n'),
    steps: labelled(steps, labels),
    negatives: negativesOf(
      scalars(found('negatives')).map(({ text }) => text),
      'sibling',
      gold?.text,
    ),
    ...(gold && { goldAnswer: gold }),
    ...(id && { id: id.text }),
    ...(firstError !== undefined && { firstError }),
  };
}

/** The steps; a sentence where the query matches none. One text that a query leads to is cut into steps. */
function stepsOf(found: readonly JsonNode[], single: boolean, context: ReadContext): PlacedText[] | string {
  const [first] = found;
  if (!first) return 'matches nothing here';
  const texts = scalars(found);
  if (texts.length === 0) {
    const items = first.kind === 'array' ? first.items[0] : first;
    if (items?.kind === 'object')
      return `matches objects; name their text, such as one of ${items.keys.slice(0, 8).join(', ')}`;
    return 'matches no text here';
  }
  const [text] = texts;
  return single && first.kind === 'string' && text ? context.split(text) : texts;
}

/** Strings and numbers, those in lists too. */
function scalars(nodes: readonly JsonNode[]): JsonScalar[] {
  return nodes
    .flatMap((node) => (node.kind === 'array' ? node.items : [node]))
    .filter((node): node is JsonScalar => node.kind === 'string' || node.kind === 'number');
}

/** The answer itself, where a worked solution stands in its place too. */
function answerOf(found: JsonScalar | undefined): PlacedText | undefined {
  if (!found || found.text.trim() === '') return undefined;
  const isSolution = found.text.length > LONG_ANSWER || /####|\\boxed\b/.test(found.text);
  return isSolution ? (answerIn(found) ?? found) : found;
}
