import { edge, type TokenTrie } from '../token-trie';
import type { TrieScores } from '../trie-scores';
import type { PathCache } from './path-cache';

/** Keys and values of the nodes of a path, from a first token down. */
export interface HeldPath {
  readonly path: readonly number[];
  readonly cache: PathCache;
}

/** node → a held path that it is on. */
export type Given = ReadonlyMap<number, HeldPath>;

/** Bytes of keys and values that are held between calls: of the bundled model about a thousand tokens, and room for more. */
const MAX_BYTES = 60 * 2 ** 20;

/** What one call found out and the next may take over, where a trace is scored again with one step changed. */
export class TreeMemory {
  private last: { trie: TokenTrie; scores: TrieScores; held: readonly HeldPath[] } | undefined;

  /** Adds to `scores` what is known of this trie, and says whose keys and values are held. */
  recall(trie: TokenTrie, scores: TrieScores): Given {
    const given = new Map<number, HeldPath>();
    if (!this.last) return given;
    const before = sameNodes(trie, this.last.trie);
    scores.adopt(this.last.scores, before);
    const now = new Map<number, number>();
    before.forEach((old, node) => {
      if (old >= 0) now.set(old, node);
    });
    for (const { path, cache } of this.last.held) {
      const renamed = path.map((old) => now.get(old) ?? -1);
      const end = renamed.indexOf(-1);
      const held = { path: renamed, cache };
      for (const node of end < 0 ? renamed : renamed.slice(0, end)) given.set(node, held);
    }
    return given;
  }

  /**
   * Gives the keys and values of the first nodes of a held path away, to be gone on from.
   * @param whole nobody wants more of the path: they are not copied, and the path is held no longer
   */
  give(held: HeldPath, length: number, whole: boolean): PathCache {
    if (!whole) return held.cache.copy(length);
    if (this.last) this.last.held = this.last.held.filter(({ cache }) => cache !== held.cache);
    return held.cache;
  }

  remember(trie: TokenTrie, scores: TrieScores, held: readonly HeldPath[]): void {
    this.last = { trie, scores, held };
  }

  forget(): void {
    this.last = undefined;
  }
}

/** The paths of a call that are worth holding: the longest, as far as they fit. One that begins another is held with it. */
export class Shelf {
  private paths: HeldPath[] = [];

  get held(): readonly HeldPath[] {
    return this.paths;
  }

  /** Takes a path and its cache, of which the path's nodes are the first positions; false where it has no use for them. */
  take(path: readonly number[], cache: PathCache): boolean {
    const end = path.at(-1);
    if (end === undefined || this.paths.some((held) => held.path.includes(end))) return false;
    const others = this.paths.filter((held) => !path.includes(held.path.at(-1) ?? -1));
    const bytes = others.reduce((sum, held) => sum + held.cache.bytes, cache.bytes);
    if (bytes > MAX_BYTES) return false;
    this.paths = [...others, { path, cache }];
    return true;
  }
}

/** For each node the node of `old` that is the same prefix, or -1. */
function sameNodes(trie: TokenTrie, old: TokenTrie): Int32Array {
  const children = new Map<number, number>();
  old.token.forEach((token, node) => {
    children.set(edge(old.parent[node] ?? -1, token), node);
  });
  const same = new Int32Array(trie.token.length).fill(-1);
  trie.token.forEach((token, node) => {
    const parent = trie.parent[node] ?? -1;
    const oldParent = parent < 0 ? -1 : (same[parent] ?? -1);
    if (parent < 0 || oldParent >= 0) same[node] = children.get(edge(oldParent, token)) ?? -1;
  });
  return same;
}
