import { Tensor } from 'onnxruntime-common';
import { edge, type TokenTrie } from '../token-trie';
import type { TrieScores } from '../trie-scores';

/** Keys and values of the nodes of a path, from a first token down: tensors [1, kv heads, path, head dim]. */
export interface HeldPath {
  readonly path: readonly number[];
  readonly cache: readonly Tensor[];
}

/** node → a held path that it is on. */
export type Given = ReadonlyMap<number, HeldPath>;

/** Bytes of keys and values that are held between calls: about a thousand tokens of the bundled model. */
const MAX_BYTES = 48 * 2 ** 20;

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

  offer(candidate: HeldPath): void {
    const end = candidate.path.at(-1);
    if (end === undefined || this.paths.some(({ path }) => path.includes(end))) return;
    const others = this.paths.filter(({ path }) => !candidate.path.includes(path.at(-1) ?? -1));
    const bytes = [candidate, ...others].reduce((sum, { cache }) => sum + sizeOf(cache), 0);
    if (bytes <= MAX_BYTES) this.paths = [...others, candidate];
  }
}

const sizeOf = (cache: readonly Tensor[]): number => cache.reduce((sum, tensor) => sum + 4 * tensor.size, 0);

/** The keys and values of the path that ends in a given node. */
export function heldUntil(node: number, given: Given): readonly Tensor[] {
  const found = given.get(node);
  if (!found) throw new RangeError(`nothing is held of node ${node}`);
  return beginning(found, found.path.indexOf(node) + 1);
}

/** The keys and values of the first nodes of a held path. */
export function beginning({ path, cache }: HeldPath, length: number): readonly Tensor[] {
  return length === path.length ? cache : cache.map((tensor) => firstPositions(tensor, length));
}

function firstPositions(tensor: Tensor, length: number): Tensor {
  const [batch = 1, heads = 0, positions = 0, dim = 0] = tensor.dims;
  const all = tensor.data as Float32Array;
  const some = new Float32Array(heads * length * dim);
  for (let head = 0; head < heads; head++) {
    const from = head * positions * dim;
    some.set(all.subarray(from, from + length * dim), head * length * dim);
  }
  return new Tensor('float32', some, [batch, heads, length, dim]);
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
