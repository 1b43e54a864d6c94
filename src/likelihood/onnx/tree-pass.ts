import type { Pass, PassPlan } from '../pass-plan';
import type { TokenTrie } from '../token-trie';

/** What hides one position from another. Far below any score, yet finite: −∞ would give NaN in a fully hidden row. */
const HIDDEN = -30_000;

/** The inputs of one pass over a piece of the trie; see src/models/import/scoring-graph.ts for their meaning. */
export interface TreePass {
  readonly inputIds: BigInt64Array;
  readonly positionIds: BigInt64Array;
  /** [nodes, past + nodes], row-major. */
  readonly attentionBias: Float32Array;
  readonly total: number;
  readonly rows: BigInt64Array;
  /** Flattened [M, 2]. */
  readonly pairs: BigInt64Array;
  /** For each pair, the trie edge it scores, as `node` and `token`. */
  readonly edges: readonly { readonly node: number; readonly token: number }[];
  readonly keep: BigInt64Array;
}

/**
 * Lays out one pass. `targets[n]` lists the tokens that node n has to predict. The keys and values of the nodes in `keep`,
 * a path, leave the pass.
 */
export function layOutPass(
  trie: TokenTrie,
  plan: PassPlan,
  pass: Pass,
  keep: readonly number[],
  targets: ReadonlyMap<number, readonly number[]>,
): TreePass {
  const nodes = plan.order.slice(pass.start, pass.end);
  const past = pass.past.length;
  const total = past + nodes.length;
  /** Where a node's keys and values stand among the pass's `total` positions. */
  const place = new Map([...pass.past, ...nodes].map((node, i) => [node, i]));

  const bias = new Float32Array(nodes.length * total).fill(HIDDEN);
  const rows: bigint[] = [];
  const pairs: bigint[] = [];
  const edges: { node: number; token: number }[] = [];
  nodes.forEach((node, i) => {
    const row = i * total;
    const parent = trie.parent[node] ?? -1;
    const parentPlace = parent < 0 ? -1 : (place.get(parent) ?? -1);
    if (parentPlace >= past) {
      const from = (parentPlace - past) * total;
      bias.copyWithin(row, from, from + past + i); // a node sees what its parent sees
    } else bias.fill(0, row, row + parentPlace + 1);
    bias[row + past + i] = 0;
    for (const token of targets.get(node) ?? []) {
      pairs.push(BigInt(rows.length), BigInt(token));
      edges.push({ node, token });
    }
    if (targets.has(node)) rows.push(BigInt(i));
  });
  return {
    inputIds: BigInt64Array.from(nodes, (n) => BigInt(trie.token[n] ?? 0)),
    positionIds: BigInt64Array.from(nodes, (n) => BigInt(trie.depth[n] ?? 0)),
    attentionBias: bias,
    total,
    rows: BigInt64Array.from(rows),
    pairs: BigInt64Array.from(pairs),
    edges,
    keep: BigInt64Array.from(keep, (n) => BigInt(place.get(n) ?? 0)),
  };
}
