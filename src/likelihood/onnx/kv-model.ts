import type { InferenceSession } from 'onnxruntime-common';
import type {
  LikelihoodModel,
  LikelihoodRequest,
  LogLikelihood,
  ModelId,
  ScoreOptions,
  ScoreResult,
} from '../likelihood-model';
import { buildTrie, type Encode, type TokenTrie } from '../token-trie';
import { TrieScores } from '../trie-scores';
import { breathe } from './breathe';
import { emptyCache, gatherCache, type KvCache } from './kv-cache';
import type { KvGraph } from './kv-graph';
import { type KvLimits, type KvPlannedRun, planKvRuns } from './kv-plan';
import { runKv } from './kv-run';

/** A graph that is ready to run. */
export interface KvEngine {
  readonly session: InferenceSession;
  readonly graph: KvGraph;
  readonly limits: KvLimits;
  /** Positions that context and target may have together. */
  readonly window: number;
  /** Whether a token's score depends on nothing but the tokens before it; else no two requests may share a run. */
  readonly independent: boolean;
}

/**
 * A model in the common Hugging Face ONNX layout. Its graph takes no tree mask, so the token trie is walked with a
 * key-value cache: see kv-plan.ts.
 */
export class KvModel implements LikelihoodModel {
  readonly judges = false;

  /** @param start tokens that every context begins with */
  constructor(
    readonly id: ModelId,
    private readonly engine: KvEngine,
    private readonly encode: Encode,
    private readonly start: readonly number[] = [],
  ) {}

  get window(): number {
    return this.engine.window;
  }

  async score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    const trie = this.trieOf(requests, options);
    const { independent } = this.engine;
    const total = independent ? trie.token.length : positionsApart(trie);
    // Each node stands in one row of one run, so this is the exact count of positions run. Padding is not in it: it is no
    // prefix of anything, and how much there is depends on the graph and on how siblings fell into batches.
    let computedPositions = 0;
    let passes = 0;
    const ran = (positions: number) => {
      computedPositions += positions;
      passes++;
      options.onProgress?.(computedPositions, total);
    };
    const likelihoods: LogLikelihood[] = [];
    if (independent) likelihoods.push(...(await this.walk(trie, options.signal, ran)));
    else {
      for (const request of requests) {
        likelihoods.push(...(await this.walk(this.trieOf([request], options), options.signal, ran)));
      }
    }
    const { naivePositions, distinctPositions } = trie;
    return { likelihoods, work: { naivePositions, distinctPositions, computedPositions, passes } };
  }

  dispose(): Promise<void> {
    return this.engine.session.release();
  }

  private trieOf(requests: readonly LikelihoodRequest[], { overflow }: ScoreOptions): TokenTrie {
    return buildTrie(requests, this.encode, this.window, overflow, this.start);
  }

  /** @param ran called after each run with the positions in it */
  private async walk(
    trie: TokenTrie,
    signal: AbortSignal | undefined,
    ran: (positions: number) => void,
  ): Promise<LogLikelihood[]> {
    const plan = planKvRuns(trie, this.engine.limits);
    const scores = new TrieScores(trie);
    /** Caches that a later run goes on from, by run. */
    const caches = new Map<number, KvCache>();
    for (const [index, run] of plan.runs.entries()) {
      await breathe();
      signal?.throwIfAborted();
      const cache = await this.run(trie, run, caches, scores, plan.lastUse[index] !== undefined);
      if (cache) caches.set(index, cache);
      for (const { source } of run.rows) {
        if (source && plan.lastUse[source.run] === index) caches.delete(source.run);
      }
      ran(run.rows.reduce((sum, { nodes }) => sum + nodes.length, 0));
    }
    return scores.likelihoods();
  }

  /** Runs one step of the plan and notes what it says of the targets; returns its cache where that is to be kept. */
  private async run(
    trie: TokenTrie,
    { past, rows }: KvPlannedRun,
    caches: ReadonlyMap<number, KvCache>,
    scores: TrieScores,
    keep: boolean,
  ): Promise<KvCache | undefined> {
    const { session, graph } = this.engine;
    const sources = rows.flatMap(({ source }) => {
      const cache = source && caches.get(source.run);
      return source && cache ? [{ cache, row: source.row }] : [];
    });
    if (past > 0 && sources.length < rows.length) throw new Error('a cache was let go of too early');
    const batch = {
      past: past > 0 ? gatherCache(graph, sources, past) : emptyCache(graph, rows.length),
      rows: rows.map(({ nodes }) => nodes.map((node) => trie.token[node] ?? 0)),
    };
    const firsts = rows.map(({ nodes }) => nodes.findIndex((node) => scores.targets.has(node)));
    const predicting = firsts.filter((first) => first >= 0);
    const { logits, cache } = await runKv(session, graph, batch, {
      logitsFrom: predicting.length > 0 ? Math.min(...predicting) : undefined,
      cache: keep,
    });
    rows.forEach(({ nodes }, row) => {
      nodes.forEach((node, index) => {
        const targets = scores.targets.get(node);
        if (!targets || !logits) return;
        const values = logits.logProbs(row, index, targets);
        targets.forEach((token, i) => {
          scores.set(node, token, values[i] ?? Number.NaN);
        });
      });
    });
    return cache;
  }
}

/** Positions that the trie's requests cost where each runs alone: all tokens but the target's last. */
function positionsApart(trie: TokenTrie): number {
  return trie.paths.reduce((sum, { predictors }) => sum + 1 + (trie.depth[predictors.at(-1) ?? -1] ?? 0), 0);
}
