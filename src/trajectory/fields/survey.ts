import type { JsonNode } from '../json';

/** A place in a record that a query leads to, with what stands there. */
export interface Found {
  readonly path: string;
  /** Name of the innermost property, in lower case, words parted by `_`. */
  readonly name: string;
  /** What the query matches: scalars (of a list each one), from the first elements of lists. */
  readonly values: readonly Scalar[];
  /** How many it matches in all. */
  readonly count: number;
  /** Whether it matches each element of a list, or one value. */
  readonly many: boolean;
}

export type Scalar = Extract<JsonNode, { kind: 'string' | 'number' | 'boolean' }>;

const MAX_DEPTH = 6;
const MAX_FOUND = 500;
const MAX_ITEMS = 20;

/** The places of a record that hold scalars, in the order of the record; elements of lists are taken together. */
export function survey(root: JsonNode): Found[] {
  const found: Found[] = [];
  const visit = (nodes: readonly JsonNode[], at: Omit<Found, 'values'>, depth: number): void => {
    if (found.length >= MAX_FOUND || depth > MAX_DEPTH) return;
    const values = nodes.filter(
      (node): node is Scalar => node.kind === 'string' || node.kind === 'number' || node.kind === 'boolean',
    );
    if (values.length > 0) found.push({ ...at, values });
    const items = nodes.flatMap((node) => (node.kind === 'array' ? node.items : []));
    if (items.length > 0) {
      visit(
        items.slice(0, MAX_ITEMS),
        { ...at, path: `${at.path}[*]`, count: items.length, many: true },
        depth + 1,
      );
    }
    for (const key of keysOf(nodes)) {
      const below = nodes.flatMap((node) => (node.kind === 'object' ? [node.get(key)] : []));
      const there = below.filter((node): node is JsonNode => node !== undefined);
      visit(there, { ...at, path: at.path + step(key), name: nameOf(key) }, depth + 1);
    }
  };
  visit([root], { path: '$', name: '', count: 1, many: false }, 0);
  return found;
}

function keysOf(nodes: readonly JsonNode[]): string[] {
  const keys = new Set(nodes.flatMap((node) => (node.kind === 'object' ? node.keys : [])));
  return [...keys].filter(isName).slice(0, 200);
}

/** Whether a path can lead to the key: half a surrogate pair and control characters have no place in one. */
const isName = (key: string): boolean => key.length <= 100 && !NO_NAME.test(key);

const NO_NAME = /[\p{Surrogate}\p{Control}]/u;

/** A property as a step of a path: `.name`, or `['a name']` with the escapes of RFC 9535. */
function step(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return `.${key}`;
  const quoted = JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `['${quoted}']`;
}

/** `goldAnswer` and `gold-answer` are `gold_answer`. */
function nameOf(key: string): string {
  return key
    .slice(0, 100)
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[\s.-]+/g, '_')
    .toLowerCase();
}
