import type { LikelihoodRequest, Text } from '../likelihood-model';

/**
 * Requests as they cross the process boundary. Every Text object becomes one row of a table, so that what is shared in
 * memory is sent once and still shared on the other side.
 */
export interface WireRequests {
  /** Row i: [row of the text before it or -1, piece]. A row's `before` always stands above it. */
  readonly texts: readonly (readonly [number, string])[];
  /** [row of the context, target] per request. */
  readonly requests: readonly (readonly [number, string])[];
}

export function toWire(requests: readonly LikelihoodRequest[]): WireRequests {
  const rows = new Map<Text, number>();
  const texts: [number, string][] = [];
  const rowOf = (text: Text): number => {
    const chain: Text[] = [];
    let at: Text | undefined = text;
    for (; at && !rows.has(at); at = at.before) chain.push(at);
    for (const t of chain.reverse()) {
      rows.set(t, texts.length);
      texts.push([t.before ? (rows.get(t.before) ?? -1) : -1, t.piece]);
    }
    return rows.get(text) ?? -1;
  };
  return { requests: requests.map(({ context, target }) => [rowOf(context), target] as const), texts };
}

/** @throws {RangeError} where a row refers to one that does not stand above it */
export function fromWire({ texts, requests }: WireRequests): LikelihoodRequest[] {
  const objects: Text[] = [];
  const object = (row: number): Text => {
    const found = objects[row];
    if (!found) throw new RangeError(`there is no text ${row}`);
    return found;
  };
  for (const [before, piece] of texts)
    objects.push(before < 0 ? { piece } : { piece, before: object(before) });
  return requests.map(([context, target]) => ({ context: object(context), target }));
}
