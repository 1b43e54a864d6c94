import { compilePath } from './query';

/** What a mapping can say of a record, in the order in which it is shown. */
export const FIELD_NAMES = ['records', 'question', 'steps', 'answer', 'negatives', 'labels', 'id'] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/**
 * Where the records of an unknown schema say what a trace needs: JSONPath queries (RFC 9535) on each record.
 * `records` leads to the traces where a record holds several; the other queries then start from each of them.
 */
export interface FieldMapping {
  /** The reasoning: a list of texts, a query that matches one text a step, or one text to be cut into steps. */
  readonly steps: string;
  readonly records?: string;
  readonly question?: string;
  /** The right answer. */
  readonly answer?: string;
  /** Wrong answers. */
  readonly negatives?: string;
  /** One verdict a step, or the index of the first wrong step (-1 for none). */
  readonly labels?: string;
  readonly id?: string;
}

/** A mapping that cannot be used; the message names the field and what is wrong with it. */
export class FieldsError extends Error {
  override readonly name = 'FieldsError';
}

const PAIR = new RegExp(`(?:^|[,;])\\s*(?=(?:${FIELD_NAMES.join('|')})\\s*=)`);

/**
 * Reads a mapping as a person writes it on one line: `question=$.prompt,steps=$.chain[*].text`, or as a JSON object.
 * @throws {FieldsError}
 */
export function parseFields(text: string): FieldMapping {
  if (text.trimStart().startsWith('{')) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new FieldsError(`the fields are no JSON: ${error instanceof Error ? error.message : error}`);
    }
    return checkFields(value);
  }
  const pairs = text.split(PAIR).filter((part) => part.trim() !== '');
  const entries = pairs.map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    if (equals < 0)
      throw new FieldsError(`"${pair.trim()}" names no field; a field is given as question=$.prompt`);
    return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
  });
  return checkFields(Object.fromEntries(entries));
}

/**
 * Checks a mapping from settings or a file. A path may leave its `$.` out.
 * @throws {FieldsError}
 */
export function checkFields(value: unknown): FieldMapping {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FieldsError('the fields are an object of names and JSONPath queries');
  }
  const paths = new Map<FieldName, string>();
  for (const [name, path] of Object.entries(value)) {
    const field = FIELD_NAMES.find((known) => known === name);
    if (!field)
      throw new FieldsError(`there is no field "${name}"; the fields are ${FIELD_NAMES.join(', ')}`);
    if (typeof path !== 'string') throw new FieldsError(`${field}: a JSONPath query is expected`);
    if (path.trim() !== '') paths.set(field, rooted(path.trim()));
  }
  for (const [field, path] of paths) {
    const compiled = compilePath(path);
    if (typeof compiled === 'string') throw new FieldsError(`${field}: ${compiled}`);
  }
  const steps = paths.get('steps');
  if (steps === undefined) throw new FieldsError('steps: a JSONPath query is expected, such as $.steps[*]');
  return { ...Object.fromEntries(paths), steps };
}

function rooted(path: string): string {
  if (path.startsWith('$')) return path;
  return path.startsWith('[') ? `$${path}` : `$.${path}`;
}
