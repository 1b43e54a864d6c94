import type { TokenTrie } from './token-trie';

/** How large one pass through the model may be. */
export interface PassBudget {
  /** New positions in a pass. */
  readonly positions: number;
  /** Positions of a pass that reach the LM head; each costs a row of the vocabulary in memory. */
  readonly rows: number;
}

/** One pass: nodes `order[start..end)` after the keys and values of `past`, the path that leads to the first of them. */
export interface Pass {
  readonly start: number;
  readonly end: number;
  /** Nodes from a first token down to the parent of `order[start]`. */
  readonly past: readonly number[];
}

export interface PassPlan {
  /** The nodes to run, depth first: a node's ancestors come before it and its subtree follows it without a gap. */
  readonly order: readonly number[];
  readonly passes: readonly Pass[];
}

/** What of a trie is known already, so that not all of it has to run. */
export interface Known {
  /** Whether a node has still to predict something. */
  predicts(node: number): boolean;
  /** Whether a node's keys and values are held; those of its ancestors then are too. */
  given(node: number): boolean;
}

/**
 * Cuts the depth-first order of the trie into the passes that cost least. In that order every ancestor of a pass's nodes is either in the
 * pass or on the path to its first node, so that path's keys and values are all that passes hand on: memory is bound by
 * the longest context, work is linear in the nodes. Where some nodes are given, a pass holds no more than what hangs off one
 * of them: that one's path is then its past.
 */
export function planPasses(trie: TokenTrie, budget: PassBudget, known: Known = nothing(trie)): PassPlan {
  const needed = neededNodes(trie.parent, known);
  const order = depthFirst(trie.parent).filter((node) => needed[node]);
  const anchor = anchors(trie.parent, known);
  const passes = cheapestCuts({ depth: trie.depth, order, anchor, known, budget }).map(
    ([start, end]): Pass => ({ start, end, past: pathTo(trie.parent, order[start] ?? 0) }),
  );
  return { order, passes };
}

function nothing(trie: TokenTrie): Known {
  const predictors = new Set(trie.paths.flatMap((path) => path.predictors));
  return { predicts: (node) => predictors.has(node), given: () => false };
}

/** Marks the nodes that predict something and their ancestors, but for those that are given. */
function neededNodes(parent: readonly number[], { predicts, given }: Known): Uint8Array {
  const needed = new Uint8Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node--) {
    if (predicts(node)) needed[node] = 1;
    const above = parent[node] ?? -1;
    if (needed[node] && above >= 0) needed[above] = 1;
  }
  // A given node that has to predict runs again, as its keys and values alone say nothing.
  return needed.map((need, node) => (need && (predicts(node) || !given(node)) ? 1 : 0));
}

/** For each node the nearest ancestor that is given, or -1. */
function anchors(parent: readonly number[], { given }: Known): Int32Array {
  const anchor = new Int32Array(parent.length).fill(-1);
  parent.forEach((above, node) => {
    if (above >= 0) anchor[node] = given(above) ? above : (anchor[above] ?? -1);
  });
  return anchor;
}

/**
 * What beginning a pass costs, in attention scores: reading the weights and calling the operators. With 48,000 the bundled
 * model takes a tenth less time than with 16,000; twice as much gains nothing more.
 */
const PASS_COST = 48_000;

/** The cost of a pass of so many new positions after a path, in attention scores, without what is in proportion to them. */
export const passCost = (size: number, past: number): number => PASS_COST + size * (past + size);

interface Cuttable {
  readonly depth: readonly number[];
  readonly order: readonly number[];
  readonly anchor: Int32Array;
  readonly known: Known;
  readonly budget: PassBudget;
}

/**
 * The cuts with the least work. Every position of a pass is compared with all positions of the pass and of its past, seen or
 * hidden, so small passes that begin where a branch leaves the path waste the fewest; each pass costs its beginning.
 */
function cheapestCuts({ depth, order, anchor, known, budget }: Cuttable): [number, number][] {
  /** Least cost of all before a place of the order, and where the last pass of it begins. */
  const cost = new Float64Array(order.length + 1).fill(Number.POSITIVE_INFINITY);
  const begin = new Uint32Array(order.length + 1);
  cost[0] = 0;
  for (let end = 1; end <= order.length; end++) {
    let rows = 0;
    for (let start = end - 1; start >= Math.max(0, end - budget.positions); start--) {
      const first = order[start] ?? 0;
      rows += known.predicts(first) ? 1 : 0;
      if (rows > budget.rows || anchor[first] !== anchor[order[end - 1] ?? 0]) break;
      const size = end - start;
      const total = (cost[start] ?? 0) + passCost(size, depth[first] ?? 0);
      if (total < (cost[end] ?? 0)) {
        cost[end] = total;
        begin[end] = start;
      }
    }
  }
  const cuts: [number, number][] = [];
  for (let end = order.length; end > 0; end = begin[end] ?? 0) cuts.push([begin[end] ?? 0, end]);
  return cuts.reverse();
}

/** The ancestors of a node from a first token down to its parent. */
export function pathTo(parent: readonly number[], node: number): number[] {
  const path: number[] = [];
  for (let at = parent[node] ?? -1; at >= 0; at = parent[at] ?? -1) path.push(at);
  return path.reverse();
}

/**
 * Depth-first order in which a node's smaller subtrees come first: the short answers hang off a context before the next
 * step goes on, so what a pass is cut into stays near the path that it continues.
 */
function depthFirst(parent: readonly number[]): number[] {
  const count = parent.length;
  const size = new Uint32Array(count).fill(1);
  for (let n = count - 1; n >= 0; n--) {
    const p = parent[n] ?? -1;
    if (p >= 0) size[p] = (size[p] ?? 0) + (size[n] ?? 0);
  }
  const children: number[][] = Array.from({ length: count }, () => []);
  const stack: number[] = [];
  for (let n = 0; n < count; n++) {
    const p = parent[n] ?? -1;
    if (p < 0) stack.push(n);
    else children[p]?.push(n);
  }
  const largestFirst = (a: number, b: number) => (size[b] ?? 0) - (size[a] ?? 0) || b - a;
  stack.sort(largestFirst);
  const order: number[] = [];
  for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
    order.push(n);
    // The stack gives back the last one pushed: the smallest.
    for (const child of (children[n] ?? []).sort(largestFirst)) stack.push(child);
  }
  return order;
}
