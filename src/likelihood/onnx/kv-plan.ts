import { getOrAdd } from '../get-or-add';
import type { TokenTrie } from '../token-trie';
import { type Chain, type ChainTree, chainsOf } from './kv-chains';

/**
 * What a graph can do with several token sequences at once: `padded` ones of different lengths, sequences of a
 * `single-token` each (GroupQueryAttention takes no more after a past), or one sequence at a time.
 */
export type Batches = 'padded' | 'single-token' | 'none';

export interface KvLimits {
  readonly batches: Batches;
  /** Tokens that a run may have, padding included, after a past of this length; at least 1. */
  tokens(past: number): number;
  /** Positions, over all rows, that the caches of batches may hold together. */
  readonly cachePositions: number;
}

/** A run's row: nodes that follow each other, after the path that leads to the first of them. */
export interface KvRow {
  readonly nodes: readonly number[];
  /** The run and the row in it whose cache begins with that path; undefined where the path is empty. */
  readonly source: KvSource | undefined;
}

export interface KvSource {
  readonly run: number;
  readonly row: number;
}

export interface KvPlannedRun {
  /** Length of the path before each row. */
  readonly past: number;
  readonly rows: readonly KvRow[];
}

export interface KvPlan {
  readonly runs: readonly KvPlannedRun[];
  /** lastUse[r]: the last run that needs the cache of run r; undefined where none does. */
  readonly lastUse: readonly (number | undefined)[];
}

/** A subtree that goes no deeper is a target or a few of them, and runs in a batch with its siblings. */
const SHORT = 16;

/**
 * Plans how a trie is walked with a key-value cache, depth first: a chain runs once after its parent's keys and values;
 * short branches of a node (the targets) run together as a batch before the long one (the next step) goes on. Every node
 * is in exactly one row of one run.
 *
 * Memory: besides the batches there is one cache, that of the path which the walk is on. Ancestors' caches are not kept:
 * each is the beginning of a descendant's. Batches hold `cachePositions` at most, or one sequence a level of short
 * branches where that is not enough for one.
 */
export function planKvRuns(trie: TokenTrie, limits: KvLimits): KvPlan {
  const planner = new Planner(chainsOf(trie), limits);
  planner.walk();
  const lastUse: (number | undefined)[] = planner.runs.map(() => undefined);
  planner.runs.forEach(({ rows }, run) => {
    for (const { source } of rows) if (source) lastUse[source.run] = run;
  });
  return { runs: planner.runs, lastUse };
}

/** A chain of short branches, or what is left of one, that waits for its run. */
interface Waiting {
  readonly chain: Chain;
  /** The last nodes of the chain. */
  readonly nodes: readonly number[];
  readonly source: KvSource | undefined;
}

/** A row to be, and who it is taken from. */
interface Taken {
  readonly from: Waiting;
  /** The first of its nodes, perhaps all. */
  readonly nodes: readonly number[];
}

class Planner {
  readonly runs: KvPlannedRun[] = [];

  constructor(
    private readonly tree: ChainTree,
    private readonly limits: KvLimits,
  ) {}

  walk(): void {
    /** The end of the path that the walk is on. */
    let path: KvSource | undefined;
    const stack: Chain[] = [];
    const descend = (ids: readonly number[]) => {
      const chains = this.chains(ids);
      const short = chains.filter(({ height }) => height <= SHORT);
      const waiting = short.map((chain) => ({ chain, nodes: chain.nodes, source: path }));
      this.fan(waiting, 0, this.limits.cachePositions);
      // The stack gives back the last one pushed: the smallest.
      const long = chains.filter(({ height }) => height > SHORT).sort((a, b) => b.size - a.size);
      for (const chain of long) stack.push(chain);
    };
    descend(this.tree.roots);
    for (let chain = stack.pop(); chain; chain = stack.pop()) {
      for (let at = 0; at < chain.nodes.length; ) {
        const past = chain.past + at;
        const nodes = chain.nodes.slice(at, at + this.limits.tokens(past));
        this.runs.push({ past, rows: [{ nodes, source: past > 0 ? path : undefined }] });
        path = { run: this.runs.length - 1, row: 0 };
        at += nodes.length;
      }
      descend(chain.children);
    }
  }

  /**
   * Runs branches that go on at one depth, and what is below them. The cache of a batch is needed until the last of its
   * rows has gone on, so a batch takes at most half of what is left: the next level needs room as well.
   * @param held positions in the batch that these branches go on from
   * @param free positions that it and the batches to come may hold
   */
  private fan(waiting: readonly Waiting[], held: number, free: number): void {
    if (waiting.length === 0) return;
    const past = Math.max(...waiting.map(depth));
    const groups = this.groups(waiting, past, (free - held) / 2);
    groups.forEach((group, i) => {
      const run = this.runs.length;
      this.runs.push({ past, rows: group.map(({ from, nodes }) => ({ nodes, source: from.source })) });
      const width = Math.max(...group.map(({ nodes }) => nodes.length));
      const holds = group.length * (past + width);
      const left = i + 1 < groups.length ? free - held : free;
      const levels = this.next(group, run);
      levels.forEach((level, l) => {
        if (l + 1 < levels.length) this.fan(level, 0, left - holds);
        else this.fan(level, holds, left);
      });
    });
  }

  /** Shares branches out among runs. */
  private groups(waiting: readonly Waiting[], past: number, room: number): Taken[][] {
    const most = this.limits.tokens(past);
    const take = (from: Waiting, tokens: number): Taken => ({ from, nodes: from.nodes.slice(0, tokens) });
    const rows = (width: number) => Math.max(1, Math.floor(Math.min(most / width, room / (past + width))));
    if (this.limits.batches === 'padded') {
      const longestFirst = [...waiting].sort((a, b) => b.nodes.length - a.nodes.length);
      const groups: Taken[][] = [];
      for (let at = 0; at < longestFirst.length; ) {
        const width = Math.min(most, longestFirst[at]?.nodes.length ?? 1);
        const group = longestFirst.slice(at, at + rows(width));
        groups.push(group.map((from) => take(from, most)));
        at += group.length;
      }
      return groups;
    }
    // Token by token all branches need as many runs as the longest has tokens, over and over if they need several
    // batches; one by one they need a run each.
    const perRun = this.limits.batches === 'single-token' ? rows(1) : 1;
    const batches = Math.ceil(waiting.length / perRun);
    if (batches * Math.max(...waiting.map(height)) >= waiting.length) {
      return waiting.map((from) => [take(from, most)]);
    }
    return Array.from({ length: batches }, (_, i) =>
      waiting.slice(i * perRun, (i + 1) * perRun).map((from) => take(from, 1)),
    );
  }

  /** What waits after a batch, by depth. */
  private next(group: readonly Taken[], run: number): Waiting[][] {
    const levels = new Map<number, Waiting[]>();
    group.forEach(({ from, nodes }, row) => {
      const source = { run, row };
      const rest = from.nodes.slice(nodes.length);
      const waiting =
        rest.length > 0
          ? [{ chain: from.chain, nodes: rest, source }]
          : this.chains(from.chain.children).map((chain) => ({ chain, nodes: chain.nodes, source }));
      for (const w of waiting) getOrAdd(levels, depth(w), () => []).push(w);
    });
    return [...levels.values()];
  }

  private chains(ids: readonly number[]): Chain[] {
    return ids.flatMap((id) => this.tree.chains[id] ?? []);
  }
}

/** Tokens before the first node that waits. */
const depth = ({ chain, nodes }: Waiting): number => chain.past + chain.nodes.length - nodes.length;

/** Tokens on the longest way down. */
const height = ({ chain, nodes }: Waiting): number => chain.height - chain.nodes.length + nodes.length;
