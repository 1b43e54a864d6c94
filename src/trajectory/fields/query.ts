import { JSONPathEnvironment, JSONPathError, type JSONPathQuery, type JSONValue } from 'json-p3';
import { type JsonNode, MAX_DEPTH } from '../json';

/** Characters that a path may have, and times that it may look at all levels below (`..`): time is in its power. */
const MAX_PATH = 1000;
const DESCENTS = /\.\./g;

const environment = new JSONPathEnvironment({ maxRecursionDepth: MAX_DEPTH + 1 });
// Regular expressions are not bound in time, and a mapping may come with a workspace.
environment.functionRegister.delete('match');
environment.functionRegister.delete('search');

/** A path ready to be used; else what is wrong with it, as a sentence. */
export function compilePath(path: string): JSONPathQuery | string {
  if (path.length > MAX_PATH) return `the path is longer than ${MAX_PATH} characters`;
  if ((path.match(DESCENTS)?.length ?? 0) > 1) return `".." may occur once in ${path}`;
  try {
    return environment.compile(path);
  } catch (error) {
    if (error instanceof JSONPathError) return `${path} is no JSONPath: ${error.message}`;
    throw error;
  }
}

/** A value of a record, as JSONPath looks at it and as we do. */
export interface Queried {
  readonly node: JsonNode;
  readonly value: JSONValue;
}

export function queried(node: JsonNode): Queried {
  return { node, value: plain(node) };
}

/** What a path matches, in the path's order. Exact places are kept: the nodes are those of the record itself. */
export function matches({ node, value }: Queried, query: JSONPathQuery): Queried[] {
  const found: Queried[] = [];
  for (const match of query.query(value).nodes) {
    const there = follow(node, match.location);
    if (there) found.push({ node: there, value: match.value });
  }
  return found;
}

function follow(root: JsonNode, location: readonly (string | number)[]): JsonNode | undefined {
  let node: JsonNode | undefined = root;
  for (const part of location) {
    if (node?.kind === 'object' && typeof part === 'string') node = node.get(part);
    else if (node?.kind === 'array' && typeof part === 'number') node = node.items[part];
    else return undefined;
  }
  return node;
}

/** The value without its places. Objects have no prototype, so that `__proto__` is a key like any other. */
function plain(node: JsonNode): JSONValue {
  switch (node.kind) {
    case 'object': {
      const object: Record<string, JSONValue> = Object.create(null);
      for (const [index, key] of node.keys.entries()) {
        const value = node.values[index];
        if (value) object[key] = plain(value);
      }
      return object;
    }
    case 'array':
      return node.items.map(plain);
    case 'string':
      return node.text;
    case 'number':
    case 'boolean':
      return node.value;
    case 'null':
      return null;
  }
}
