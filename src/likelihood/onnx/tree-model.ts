import { type InferenceSession, Tensor } from 'onnxruntime-common';
import type {
  LikelihoodModel,
  LikelihoodRequest,
  ModelId,
  ScoreOptions,
  ScoreResult,
} from '../likelihood-model';
import { type Pass, type PassBudget, pathTo, planPasses } from '../pass-plan';
import { buildTrie, type Encode } from '../token-trie';
import { TrieScores } from '../trie-scores';
import { breathe } from './breathe';
import { CurrentPath, commonLength } from './current-path';
import { type CacheShape, PathCache } from './path-cache';
import { Shelf, TreeMemory } from './tree-memory';
import { layOutPass, type TreePass } from './tree-pass';

/** The shape of the model that the scoring graph's inputs need. */
export interface TreeModelShape extends CacheShape {
  readonly window: number;
}

export const DEFAULT_BUDGET: PassBudget = { positions: 512, rows: 64 };

/** A larger cache is not kept for the next call. */
const MAX_SPARE_BYTES = 48 * 2 ** 20;

/** Our own scoring graph: the whole trie in a few packed passes with a tree attention mask. */
export class TreeModel implements LikelihoodModel {
  private readonly budget: PassBudget;
  private readonly memory = new TreeMemory();
  /** A cache that the last call has done with: new memory is slow the first time that it is written to. */
  private spare: PathCache | undefined;

  /** @param start tokens that every context begins with */
  constructor(
    readonly id: ModelId,
    private readonly session: InferenceSession,
    private readonly shape: TreeModelShape,
    private readonly encode: Encode,
    budget: PassBudget = DEFAULT_BUDGET,
    private readonly start: readonly number[] = [],
    readonly judges = false,
  ) {
    // RotaryEmbedding refuses a pass of more positions than its table has rows, whatever their position ids.
    this.budget = { ...budget, positions: Math.min(budget.positions, shape.window) };
  }

  get window(): number {
    return this.shape.window;
  }

  async score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    const trie = buildTrie(requests, this.encode, this.window, options.overflow, this.start);
    const scores = new TrieScores(trie);
    if (options.reuse !== 'take') this.memory.forget();
    const given = this.memory.recall(trie, scores);
    const pending = new Set(scores.targets.keys());
    const plan = planPasses(trie, this.budget, {
      predicts: (node) => pending.has(node),
      given: (node) => given.has(node),
    });
    const heldBelow = ({ past }: Pass) => given.get(past.at(-1) ?? -1);
    const lastUse = new Map(plan.passes.map((pass, index) => [heldBelow(pass), index]));
    const shelf = options.reuse && new Shelf();
    const path = new CurrentPath(this.spare ?? PathCache.empty(this.shape), shelf);
    this.spare = undefined;
    for (const [index, pass] of plan.passes.entries()) {
      await breathe();
      options.signal?.throwIfAborted();
      const held = heldBelow(pass);
      if (held) {
        path.changeTo(pass.past, this.memory.give(held, pass.past.length, lastUse.get(held) === index));
      } else path.backTo(pass.past.length);
      const last = plan.order[pass.end - 1] ?? -1;
      const reached = [...pathTo(trie.parent, last), last];
      const next = plan.passes[index + 1]?.past ?? [];
      const target = shelf ? reached : reached.slice(0, commonLength(reached, next));
      const inputs = layOutPass(trie, plan, pass, path.wayTo(target), scores.targets);
      const outputs = await this.session.run(this.feeds(inputs, path.tensors()));
      const values = outputs.log_probs?.data as Float32Array;
      inputs.edges.forEach(({ node, token }, i) => {
        scores.set(node, token, values[i] ?? Number.NaN);
      });
      path.goTo(
        target,
        this.cacheNames('present').map((name) => outputs[name] as Tensor),
      );
      options.onProgress?.(pass.end, plan.order.length);
    }
    const spare = path.end();
    if (spare && spare.bytes <= MAX_SPARE_BYTES) this.spare = spare;
    if (shelf && plan.passes.length > 0) this.memory.remember(trie, scores, shelf.held);
    return {
      likelihoods: scores.likelihoods(),
      work: {
        naivePositions: trie.naivePositions,
        distinctPositions: trie.distinctPositions,
        computedPositions: plan.order.length,
        passes: plan.passes.length,
      },
    };
  }

  dispose(): Promise<void> {
    return this.session.release();
  }

  private feeds(pass: TreePass, cache: readonly Tensor[]): Record<string, Tensor> {
    const nodes = pass.inputIds.length;
    const int64 = (values: BigInt64Array, dims: readonly number[]) => new Tensor('int64', values, dims);
    const feeds: Record<string, Tensor> = {
      input_ids: int64(pass.inputIds, [1, nodes]),
      position_ids: int64(pass.positionIds, [1, nodes]),
      attention_bias: new Tensor('float32', pass.attentionBias, [1, 1, nodes, pass.total]),
      seqlens_k: new Tensor('int32', Int32Array.of(pass.total - 1), [1]),
      total_length: new Tensor('int32', Int32Array.of(pass.total), []),
      rows: int64(pass.rows, [pass.rows.length]),
      pairs: int64(pass.pairs, [pass.edges.length, 2]),
      keep: int64(pass.keep, [pass.keep.length]),
    };
    this.cacheNames('past').forEach((name, i) => {
      const tensor = cache[i];
      if (tensor) feeds[name] = tensor;
    });
    return feeds;
  }

  private cacheNames(side: 'past' | 'present'): string[] {
    return Array.from({ length: this.shape.layers }, (_, layer) => [
      `${side}.${layer}.key`,
      `${side}.${layer}.value`,
    ]).flat();
  }
}
