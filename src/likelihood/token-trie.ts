import { getOrAdd } from './get-or-add';
import {
  ContextTooLongError,
  type Frame,
  type LikelihoodRequest,
  type ScoreOptions,
  type Text,
} from './likelihood-model';

/** Turns a piece of text, or one side of the model's chat frame, into token ids. */
export type Encode = (piece: string, frame?: Frame) => readonly number[];

/** One target of the trie: the nodes that predict its tokens, one per token, and those tokens. */
export interface TriePath {
  readonly predictors: readonly number[];
  readonly tokens: readonly number[];
  /** Tokens dropped from the left of the context. */
  readonly cut: number;
}

/**
 * All token prefixes of a set of requests, each of them once. Node n is the prefix that ends in `token[n]`; its parent
 * stands before it in every array, -1 marks a first token. The last token of a target is predicted, never fed, so it is
 * no node.
 */
export interface TokenTrie {
  readonly token: readonly number[];
  readonly parent: readonly number[];
  /** Depth of each node, which is its position id. */
  readonly depth: readonly number[];
  /** One per request. */
  readonly paths: readonly TriePath[];
  /** Σ (context + target) tokens over all requests: what separate passes would run. */
  readonly naivePositions: number;
  /** Distinct token prefixes among all contexts and targets, those that need not be fed included. */
  readonly distinctPositions: number;
}

/** Token ids stay below this, so that (node, token) makes one exact number. */
export const MAX_VOCABULARY = 2 ** 22;

/**
 * Builds the trie of the requests. Contexts that share a Text object are walked once, so the cost is linear in the
 * distinct text, not in the sum of the contexts.
 * @param window tokens that start, context and target may have together
 * @param start tokens that every context begins with, such as a BOS token; they stay where a context is cut
 * @throws {ContextTooLongError} where a request does not fit and `overflow` is not `cut-left`
 * @throws {RangeError} where a context or a target has no tokens: nothing predicts, or is predicted
 */
export function buildTrie(
  requests: readonly LikelihoodRequest[],
  encode: Encode,
  window: number,
  overflow: ScoreOptions['overflow'] = 'error',
  start: readonly number[] = [],
): TokenTrie {
  const encoded = new Map<string, readonly number[]>();
  const frames = new Map<Frame, readonly number[]>();
  const ids: Encode = (piece, frame) =>
    frame ? getOrAdd(frames, frame, () => encode('', frame)) : getOrAdd(encoded, piece, () => encode(piece));
  const trie = new TrieBuilder(ids, start);
  let naivePositions = 0;
  const paths = requests.map(({ context, target }, request) => {
    const targetIds = ids(target);
    const contextLength = start.length + trie.lengthOf(context);
    if (targetIds.length === 0) throw new RangeError(`request ${request}: the target has no tokens`);
    if (contextLength === 0) throw new RangeError(`request ${request}: the context has no tokens`);
    const total = contextLength + targetIds.length;
    const uncut = start.length + targetIds.length;
    const kept = Math.min(window, CUT_TO);
    if (total > window && (overflow !== 'cut-left' || uncut >= kept / 2)) {
      throw new ContextTooLongError(request, total, window);
    }
    const cut = total > window ? cutLength(total, kept) : 0;
    naivePositions += total - cut;
    return { ...trie.addTarget(trie.addContext(context, cut), targetIds), cut };
  });
  return {
    token: trie.token,
    parent: trie.parent,
    depth: trie.depth,
    paths,
    naivePositions,
    distinctPositions: trie.countDistinct(),
  };
}

/**
 * Tokens that are left of a context that exceeds the window, at most. What a position costs grows with what stands before it:
 * with thousands of steps, contexts that fill a window of 8,192 tokens take several times as long as the steps themselves.
 */
const CUT_TO = 2048;

/** Cuts by halves of what is kept: neighbouring contexts of a long trace are then cut at the same place and go on sharing. */
function cutLength(total: number, kept: number): number {
  const half = Math.floor(kept / 2);
  return Math.ceil((total - kept) / half) * half;
}

class TrieBuilder {
  readonly token: number[] = [];
  readonly parent: number[] = [];
  readonly depth: number[] = [];
  /** (parent + 1, token) → node. */
  private readonly children = new Map<number, number>();
  /** Ends of targets as (parent + 1, token): prefixes that are predicted but perhaps never fed. */
  private readonly predicted = new Set<number>();
  private readonly lengths = new Map<Text, number>();
  /** cut → text → the node its last token ends in (that of the start where all of it is cut). */
  private readonly ends = new Map<number, Map<Text, number>>();

  constructor(
    private readonly ids: Encode,
    private readonly start: readonly number[],
  ) {}

  /** Tokens of the whole text. */
  lengthOf(text: Text): number {
    const chain = chainUntil(text, (t) => this.lengths.has(t));
    let length = this.lengths.get(chain.known ?? text) ?? 0;
    for (const t of chain.rest) {
      length += this.ids(t.piece, t.frame).length;
      this.lengths.set(t, length);
    }
    return length;
  }

  /** Adds the start and the context without its first `cut` tokens; returns the node it ends in. */
  addContext(text: Text, cut: number): number {
    const known = getOrAdd(this.ends, cut, () => new Map<Text, number>());
    // What is cut as a whole is not walked: with many places to cut at that would be the square of the text.
    const chain = chainUntil(text, (t) => known.has(t) || this.lengthOf(t) <= cut);
    let node = known.get(chain.known ?? text) ?? this.start.reduce((at, token) => this.child(at, token), -1);
    for (const t of chain.rest) {
      const ids = this.ids(t.piece, t.frame);
      const start = this.lengthOf(t) - ids.length;
      for (let i = Math.max(0, cut - start); i < ids.length; i++) node = this.child(node, ids[i] ?? 0);
      known.set(t, node);
    }
    return node;
  }

  /** Adds all but the last token of the target after `node`. */
  addTarget(node: number, tokens: readonly number[]): { predictors: number[]; tokens: readonly number[] } {
    const predictors: number[] = [];
    let at = node;
    tokens.forEach((token, i) => {
      predictors.push(at);
      if (i + 1 < tokens.length) at = this.child(at, token);
      else this.predicted.add(edge(at, token));
    });
    return { predictors, tokens };
  }

  countDistinct(): number {
    let unfed = 0;
    for (const key of this.predicted) if (!this.children.has(key)) unfed++;
    return this.token.length + unfed;
  }

  private child(node: number, token: number): number {
    const key = edge(node, token);
    let child = this.children.get(key);
    if (child === undefined) {
      child = this.token.length;
      this.children.set(key, child);
      this.token.push(token);
      this.parent.push(node);
      this.depth.push(node < 0 ? 0 : (this.depth[node] ?? 0) + 1);
    }
    return child;
  }
}

/** One number for a token after a node (-1: at the beginning). */
export const edge = (node: number, token: number): number => (node + 1) * MAX_VOCABULARY + token;

/** The texts from the one after the nearest known ancestor (itself included) to `text`, in reading order. */
function chainUntil(text: Text, known: (t: Text) => boolean): { known: Text | undefined; rest: Text[] } {
  const rest: Text[] = [];
  let at: Text | undefined = text;
  while (at && !known(at)) {
    rest.push(at);
    at = at.before;
  }
  return { known: at, rest: rest.reverse() };
}
