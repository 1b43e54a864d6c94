import { getOrAdd } from './get-or-add';
import type { LogLikelihood } from './likelihood-model';
import type { TokenTrie } from './token-trie';

/** What an engine has to find out about a trie, what it has found, and the answers made of it. */
export class TrieScores {
  /** node → the distinct tokens that it has still to predict. */
  readonly targets: Map<number, readonly number[]>;
  /** node → token → log p(token | the node's prefix). */
  private readonly logProbs = new Map<number, Map<number, number>>();

  constructor(private readonly trie: TokenTrie) {
    const targets = new Map<number, number[]>();
    for (const { predictors, tokens } of trie.paths) {
      predictors.forEach((node, i) => {
        const token = tokens[i] ?? 0;
        const known = getOrAdd(targets, node, () => []);
        if (!known.includes(token)) known.push(token);
      });
    }
    this.targets = targets;
  }

  /** @param logProb in nats */
  set(node: number, token: number, logProb: number): void {
    getOrAdd(this.logProbs, node, () => new Map<number, number>()).set(token, logProb);
  }

  /** Takes over what another trie's scores say of the same prefixes. @param same node → the other's node, or -1 */
  adopt(other: TrieScores, same: Int32Array): void {
    for (const [node, tokens] of this.targets) {
      const known = other.logProbs.get(same[node] ?? -1);
      if (!known) continue;
      const open = tokens.filter((token) => {
        const logProb = known.get(token);
        if (logProb !== undefined) this.set(node, token, logProb);
        return logProb === undefined;
      });
      if (open.length > 0) this.targets.set(node, open);
      else this.targets.delete(node);
    }
  }

  /** One per request; NaN where an edge of its target was never set. */
  likelihoods(): LogLikelihood[] {
    return this.trie.paths.map(({ predictors, tokens, cut }) => {
      let logProb = 0;
      predictors.forEach((node, i) => {
        logProb += this.logProbs.get(node)?.get(tokens[i] ?? -1) ?? Number.NaN;
      });
      return { logProb, tokens: tokens.length, cut };
    });
  }
}
