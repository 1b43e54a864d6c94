import type { JsonNode } from '../json';
import type { FieldMapping, FieldName } from './mapping';
import { type Found, type Scalar, survey } from './survey';

/** A query that may lead to a field, with the beginning of what it matches in the record. */
export interface FieldCandidate {
  readonly path: string;
  readonly sample: string;
}

export interface FieldProposal {
  /** The likeliest query of each field; absent where no place of the record can hold steps. */
  readonly mapping?: FieldMapping;
  /** For each field the queries that can lead to it, the likeliest first. */
  readonly candidates: Readonly<Record<Exclude<FieldName, 'records'>, readonly FieldCandidate[]>>;
}

/** Names that a field has in data sets, the most telling first. */
const NAMES = {
  question: [
    'question',
    'problem',
    'query',
    'prompt',
    'instruction',
    'task',
    'puzzle',
    'input',
    'text',
    'user',
  ],
  steps: [
    ...[
      'steps',
      'step',
      'reasoning_steps',
      'solution_steps',
      'chain_of_thought',
      'cot',
      'chain',
      'reasoning',
    ],
    ...[
      'thoughts',
      'thought',
      'rationale',
      'rationales',
      'trace',
      'process',
      'derivation',
      'solution',
      'response',
    ],
    ...['completion', 'completions', 'generation', 'output', 'explanation', 'content'],
  ],
  answer: [
    ...['gold_answer', 'gold', 'ground_truth', 'reference_answer', 'correct_answer', 'expected', 'target'],
    ...['answer', 'final_answer', 'reference', 'truth', 'result', 'label'],
  ],
  negatives: [
    'negatives',
    'wrong_answers',
    'incorrect_answers',
    'distractors',
    'negative',
    'wrong',
    'alternatives',
  ],
  labels: [
    ...[
      'step_labels',
      'labels',
      'label',
      'ratings',
      'rating',
      'correctness',
      'is_correct',
      'correct',
      'verdicts',
    ],
    ...[
      'verdict',
      'judgement',
      'first_error',
      'first_error_step',
      'error_index',
      'error_step',
      'mistake_index',
      'score',
      'scores',
    ],
  ],
  id: ['id', 'uid', 'uuid', 'example_id', 'question_id', 'problem_id', 'sample_id', 'index', 'idx', 'key'],
} as const satisfies Record<Exclude<FieldName, 'records'>, readonly string[]>;

const MAX_CANDIDATES = 12;
const SAMPLE = 120;

/** Proposes a mapping for a record of an unknown schema, by the names of its properties and by what they hold. */
export function proposeFields(record: JsonNode): FieldProposal {
  const inner = wrapped(record);
  const places = survey(inner?.record ?? record);
  const steps = rank(places, 'steps', stepScore);
  const question = rank(places, 'question', questionScore).filter(({ path }) => path !== steps[0]?.path);
  const stepPlace = places.find(({ path }) => path === steps[0]?.path);
  const labels = rank(places, 'labels', (place) => labelScore(place, stepPlace));
  const taken = new Set([steps[0]?.path, question[0]?.path, labels[0]?.path]);
  const rest = places.filter(({ path }) => !taken.has(path));
  const answer = rank(rest, 'answer', (place) => (place.many || isBoolean(place) ? 0 : shortness(place)));
  const negatives = rank(rest, 'negatives', (place) =>
    place.many && !isBoolean(place) ? shortness(place) : 0,
  );
  const id = rank(rest, 'id', (place) => (place.many || isBoolean(place) ? 0 : shortness(place)));
  const candidates = { question, steps, answer, negatives, labels, id };
  const [first] = steps;
  if (!first) return { candidates };
  // Of what is not named after the field only steps and question are guessed.
  const named = (field: keyof typeof NAMES) =>
    candidates[field].find(({ path }) => {
      const place = places.find((known) => known.path === path);
      return place && nameRank(place.name, field) > 0;
    });
  const found = Object.entries({
    question: named('question') ?? question[0],
    answer: named('answer'),
    negatives: named('negatives'),
    labels: named('labels'),
    id: named('id'),
  }).flatMap(([field, candidate]) => (candidate ? [[field, candidate.path] as const] : []));
  return {
    mapping: { ...(inner && { records: inner.path }), ...Object.fromEntries(found), steps: first.path },
    candidates,
  };
}

function rank(
  places: readonly Found[],
  field: keyof typeof NAMES,
  fits: (place: Found) => number,
): FieldCandidate[] {
  return places
    .map((place) => ({ place, score: fits(place) * (0.25 + nameRank(place.name, field)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_CANDIDATES)
    .map(({ place }) => ({ path: place.path, sample: sampleOf(place) }));
}

/** From 1 for the most telling name down to 0 for one that says nothing. */
function nameRank(name: string, field: keyof typeof NAMES): number {
  const names: readonly string[] = NAMES[field];
  const at = names.indexOf(name);
  if (at >= 0) return 1 - (0.6 * at) / names.length;
  return names.slice(0, 6).some((known) => name.endsWith(`_${known}`) || name.startsWith(`${known}_`))
    ? 0.3
    : 0;
}

/** Several texts, or a long one. */
function stepScore(place: Found): number {
  if (!place.values.every((value) => value.kind === 'string')) return 0;
  const length = averageLength(place);
  if (place.many) return length < 2 ? 0 : place.count > 1 ? 1 : 0.8;
  return length > 200 ? 0.7 : length > 60 ? 0.4 : 0;
}

function questionScore(place: Found): number {
  const [value] = place.values;
  if (place.many || value?.kind !== 'string' || value.text.trim() === '') return 0;
  return (value.text.trimEnd().endsWith('?') ? 1 : 0.7) * (value.text.length < 10 ? 0.3 : 1);
}

/** One verdict a step, or the index of a step. */
function labelScore(place: Found, steps: Found | undefined): number {
  const [value] = place.values;
  if (!steps || !value || place.path === steps.path) return 0;
  if (place.many) {
    const small = place.values.every(
      (item) =>
        item.kind === 'boolean' ||
        (item.kind === 'number' ? Math.abs(item.value) <= 1 : item.text.length < 12),
    );
    return small && steps.many && place.count === steps.count ? 1 : 0;
  }
  const isIndex = value.kind === 'number' && Number.isInteger(value.value) && value.value >= -1;
  return isIndex && nameRank(place.name, 'labels') > 0 && /error|mistake|label/.test(place.name) ? 0.8 : 0;
}

function shortness(place: Found): number {
  const length = averageLength(place);
  return length === 0 ? 0 : length < 60 ? 1 : 0.4;
}

const isBoolean = (place: Found): boolean => place.values.some((value) => value.kind === 'boolean');

function averageLength({ values }: Found): number {
  return values.reduce((sum, value) => sum + textOf(value).trim().length, 0) / Math.max(1, values.length);
}

function sampleOf({ values }: Found): string {
  const text = values
    .slice(0, 5)
    .map((value) => textOf(value).slice(0, SAMPLE).replace(/\s+/g, ' ').trim())
    .join(' | ');
  return text.length > SAMPLE ? `${text.slice(0, SAMPLE - 1)}…` : text;
}

const textOf = (value: Scalar): string => (value.kind === 'boolean' ? String(value.value) : value.text);

/** A record that is nothing but a wrapper around the traces: `{"data": [{...}, ...]}`. */
function wrapped(record: JsonNode): { readonly path: string; readonly record: JsonNode } | undefined {
  if (record.kind === 'array') return inside(record, '$');
  if (record.kind !== 'object') return undefined;
  const own = survey(record).filter(({ path }) => !path.includes('[*]'));
  if (own.some((place) => nameRank(place.name, 'question') > 0 && questionScore(place) > 0)) return undefined;
  for (const place of record.keys) {
    const value = record.get(place);
    const found = value?.kind === 'array' && /^\w+$/.test(place) ? inside(value, `$.${place}`) : undefined;
    if (found) return found;
  }
  return undefined;
}

function inside(
  { items }: Extract<JsonNode, { kind: 'array' }>,
  path: string,
): { readonly path: string; readonly record: JsonNode } | undefined {
  const [first] = items;
  if (first?.kind !== 'object' || !items.every((item) => item.kind === 'object')) return undefined;
  const places = survey(first);
  const asks = places.some((place) => nameRank(place.name, 'question') > 0 && questionScore(place) > 0);
  const thinks = places.some((place) => stepScore(place) > 0);
  return asks && thinks ? { path: `${path}[*]`, record: first } : undefined;
}
