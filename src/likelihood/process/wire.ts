import type { Frame, LikelihoodRequest, Text } from '../likelihood-model';

/**
 * Requests as they cross the process boundary. Every Text object becomes one row of a table, so that what is shared in
 * memory is sent once and still shared on the other side.
 */
export interface WireRequests {
  /** Row i: [row of the text before it or -1, piece, its frame]. A row's `before` always stands above it. */
  readonly texts: readonly (readonly [number, string, Frame?])[];
  /** [row of the context, target] per request. */
  readonly requests: readonly (readonly [number, string])[];
}

export function toWire(requests: readonly LikelihoodRequest[]): WireRequests {
  const rows = new Map<Text, number>();
  const texts: [number, string, Frame?][] = [];
  const rowOf = (text: Text): number => {
    const chain: Text[] = [];
    let at: Text | undefined = text;
    for (; at && !rows.has(at); at = at.before) chain.push(at);
    for (const t of chain.reverse()) {
      rows.set(t, texts.length);
      const before = t.before ? (rows.get(t.before) ?? -1) : -1;
      texts.push(t.frame ? [before, t.piece, t.frame] : [before, t.piece]);
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
  for (const [before, piece, frame] of texts) {
    objects.push({
      piece,
      ...(before < 0 ? {} : { before: object(before) }),
      ...(frame ? { frame } : {}),
    });
  }
  return requests.map(([context, target]) => ({ context: object(context), target }));
}
