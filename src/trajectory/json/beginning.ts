import type { JsonNode } from './nodes';
import { JsonError, parseJson, tryParseJson } from './parse';

/** Levels that are closed again where they were open; deeper ones are left out. */
const MAX_LEVELS = 8;

/**
 * The value whose text begins so, as far as it is there: what is not complete or is broken is left out with all that
 * follows, and what is open is closed. Undefined where even the beginning is no JSON. Places in it are right.
 */
export function parseBeginning(text: string): JsonNode | undefined {
  const closed = closeOpen(text);
  try {
    return parseJson(closed);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Broken on the way, by a lost quote for one: what stands before that is as it was.
    return tryParseJson(closeOpen(text.slice(0, Math.min(error.offset, text.length))));
  }
}

function closeOpen(text: string): string {
  const open: string[] = [];
  /** The last place where everything before it was complete, and the brackets that were open there. */
  let safe = 0;
  let closing = '';
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      open.push(char === '{' ? '}' : ']');
      if (open.length <= MAX_LEVELS) [safe, closing] = [at + 1, open.toReversed().join('')];
    } else if (char === '}' || char === ']') open.pop();
    else if (char === ',' && open.length <= MAX_LEVELS) [safe, closing] = [at, open.toReversed().join('')];
  }
  return text.slice(0, safe) + closing;
}
