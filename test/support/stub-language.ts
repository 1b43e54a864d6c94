import type { LikelihoodRequest, LogLikelihood, Text } from '../../src/likelihood/likelihood-model';

/**
 * A language model that is a function: log-probabilities follow from the tokens alone, so that a score that is lost,
 * doubled, shifted or of another prompt shows exactly.
 */

/** Words with the blank before them, digits, line breaks alone unless they end a text, as byte-level tokenisers do. */
const TOKENS = / ?\p{L}+|\d|\s+(?!\S)|\s|[^\s\p{L}\d]/gu;

const ids = new Map<string, number>();
const tokens: string[] = [];

export function encode(text: string): number[] {
  return (text.match(TOKENS) ?? []).map((token) => {
    const known = ids.get(token);
    if (known !== undefined) return known;
    ids.set(token, tokens.length);
    return tokens.push(token) - 1;
  });
}

export const tokenOf = (id: number): string => tokens[id] ?? `<${id}>`;
export const decode = (sequence: readonly number[]): string => sequence.map(tokenOf).join('');

/** Log p of each token given those before it, in nats: -0.01 to -4.01. */
export function logProbs(sequence: readonly number[]): number[] {
  let hash = 0x811c9dc5;
  return sequence.map((id) => {
    for (const char of tokenOf(id)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    hash = Math.imul(hash ^ 0x1f, 0x01000193) >>> 0;
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b) >>> 0;
    return -0.01 - 4 * (((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32);
  });
}

/** What a model has to answer: pieces are tokenised on their own and joined. */
export function expected(
  { context, target }: LikelihoodRequest,
  start: readonly number[] = [],
): LogLikelihood {
  const before = [...start];
  const pieces: string[] = [];
  for (let at: Text | undefined = context; at; at = at.before) pieces.unshift(at.piece);
  for (const piece of pieces) before.push(...encode(piece));
  const targetIds = encode(target);
  const values = logProbs([...before, ...targetIds]).slice(before.length);
  return { logProb: values.reduce((sum, value) => sum + value, 0), tokens: targetIds.length, cut: 0 };
}
