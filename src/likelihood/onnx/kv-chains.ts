import type { TokenTrie } from '../token-trie';

/** A stretch of the trie without a branch: each node but the last has the next one as its only child. */
export interface Chain {
  readonly nodes: readonly number[];
  /** Chains that go on from the last node: none, or two and more. */
  readonly children: readonly number[];
  /** Depth of its first node, which is the length of the past it needs. */
  readonly past: number;
  /** Nodes of the chain and of everything below it. */
  readonly size: number;
  /** Nodes on the longest way down from its first node. */
  readonly height: number;
}

/** The trie as a tree of chains, a parent before its children. */
export interface ChainTree {
  readonly chains: readonly Chain[];
  readonly roots: readonly number[];
}

/** Compresses the trie to chains, in time linear in its nodes. */
export function chainsOf(trie: TokenTrie): ChainTree {
  const count = trie.token.length;
  const childCount = new Uint32Array(count);
  for (const parent of trie.parent) if (parent >= 0) childCount[parent] = (childCount[parent] ?? 0) + 1;

  const chains: { nodes: number[]; children: number[]; past: number; size: number; height: number }[] = [];
  const roots: number[] = [];
  const chainOfNode = new Uint32Array(count);
  trie.parent.forEach((parent, node) => {
    const above = parent < 0 ? undefined : chains[chainOfNode[parent] ?? 0];
    if (above && childCount[parent] === 1) {
      above.nodes.push(node);
      chainOfNode[node] = chainOfNode[parent] ?? 0;
      return;
    }
    chainOfNode[node] = chains.length;
    (above ? above.children : roots).push(chains.length);
    chains.push({ nodes: [node], children: [], past: trie.depth[node] ?? 0, size: 0, height: 0 });
  });
  for (const chain of chains.toReversed()) {
    const below = chain.children.flatMap((child) => chains[child] ?? []);
    chain.size = below.reduce((sum, { size }) => sum + size, chain.nodes.length);
    chain.height = chain.nodes.length + below.reduce((most, { height }) => Math.max(most, height), 0);
  }
  return { chains, roots };
}
