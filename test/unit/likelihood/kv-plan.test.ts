import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainsOf } from '../../../src/likelihood/onnx/kv-chains';
import { type Batches, type KvLimits, type KvPlan, planKvRuns } from '../../../src/likelihood/onnx/kv-plan';
import { buildTrie, type TokenTrie } from '../../../src/likelihood/token-trie';
import { textOf } from '../../support/separate';

const encode = (piece: string): number[] => [...piece].map((c) => c.charCodeAt(0));
const word = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength });
const anyTrie = fc
  .array(fc.record({ context: fc.array(word(30), { minLength: 1, maxLength: 3 }), target: word(8) }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((requests) =>
    buildTrie(
      requests.map(({ context, target }) => ({ context: textOf(context), target })),
      encode,
      500,
    ),
  );
const anyLimits = fc
  .record({
    batches: fc.constantFrom<Batches>('padded', 'single-token', 'none'),
    tokens: fc.integer({ min: 1, max: 40 }),
    cachePositions: fc.integer({ min: 1, max: 2000 }),
  })
  .map(
    ({ batches, tokens, cachePositions }): KvLimits => ({ batches, tokens: () => tokens, cachePositions }),
  );
const limits = (batches: Batches, tokens = 512, cachePositions = 1e6): KvLimits => ({
  batches,
  tokens: () => tokens,
  cachePositions,
});

/** Nodes from a first token down to `node`. */
function pathTo(trie: TokenTrie, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = trie.parent[at] ?? -1) path.push(at);
  return path.reverse();
}

/** The plan's runs as text, a row's padding as dots. */
function shown(trie: TokenTrie, { runs }: KvPlan): string[] {
  return runs.map(({ rows }) => {
    const width = Math.max(...rows.map(({ nodes }) => nodes.length));
    const text = ({ nodes }: { nodes: readonly number[] }) =>
      String.fromCharCode(...nodes.map((n) => trie.token[n] ?? 0)).padEnd(width, '.');
    return rows.map(text).join(' ');
  });
}

const ofTexts = (texts: readonly [context: string, target: string][]): TokenTrie =>
  buildTrie(
    texts.map(([piece, target]) => ({ context: { piece }, target })),
    encode,
    10_000,
  );

describe('chains of a trie', () => {
  it('cover every node once, in order, and branch at their ends only', () => {
    fc.assert(
      fc.property(anyTrie, (trie) => {
        const { chains, roots } = chainsOf(trie);
        expect(chains.flatMap((c) => c.nodes).sort((a, b) => a - b)).toEqual(trie.token.map((_, n) => n));
        expect(roots.map((r) => trie.parent[chains[r]?.nodes[0] ?? 0])).toEqual(roots.map(() => -1));
        for (const { nodes, children, past } of chains) {
          nodes.forEach((node, i) => {
            expect(trie.depth[node]).toBe(past + i);
            if (i > 0) expect(trie.parent[node]).toBe(nodes[i - 1]);
          });
          expect(children.length).not.toBe(1);
          for (const child of children) {
            expect(trie.parent[chains[child]?.nodes[0] ?? -1]).toBe(nodes.at(-1));
          }
        }
      }),
    );
  });

  it('know the size and the height of what is below them', () => {
    const { chains } = chainsOf(
      ofTexts([
        ['abc', 'xyz'],
        ['abc', 'xq'],
        ['abc', 'uvwuvw'],
      ]),
    );
    // abc, then x with y below (z and q are predicted, never fed), and uvwuv
    expect(chains.map(({ size, height }) => [size, height])).toEqual([
      [10, 8],
      [2, 2],
      [5, 5],
    ]);
  });
});

describe('plan of runs with a cache', () => {
  it('runs every node once, after the path that leads to it, within the limits', () => {
    fc.assert(
      fc.property(anyTrie, anyLimits, (trie, limit) => {
        const { runs, lastUse } = planKvRuns(trie, limit);
        const nodes = runs.flatMap(({ rows }) => rows.flatMap((row) => row.nodes));
        expect([...nodes].sort((a, b) => a - b)).toEqual(trie.token.map((_, n) => n));

        /** What the rows of each run's cache hold; taken away when the plan lets go of it. */
        const caches = new Map<number, number[][]>();
        runs.forEach(({ past, rows }, run) => {
          const width = Math.max(...rows.map((row) => row.nodes.length));
          if (rows.length > 1) {
            expect(limit.batches).not.toBe('none');
            if (limit.batches === 'single-token') expect(width).toBe(1);
          }
          expect(rows.length * width).toBeLessThanOrEqual(limit.tokens(past));
          for (const { nodes, source } of rows) {
            const path = pathTo(trie, nodes.at(-1) ?? -1);
            expect(path.slice(past)).toEqual(nodes);
            const before = source ? caches.get(source.run)?.[source.row]?.slice(0, past) : [];
            expect(before).toEqual(path.slice(0, past));
          }
          if (lastUse[run] !== undefined) {
            caches.set(
              run,
              rows.map((row) => pathTo(trie, row.nodes.at(-1) ?? -1)),
            );
          }
          for (const { source } of rows) if (source && lastUse[source.run] === run) caches.delete(source.run);
        });
        expect(caches.size).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps, besides the batches, no more than the path it is on', () => {
    fc.assert(
      fc.property(anyTrie, anyLimits, (trie, limit) => {
        const { runs, lastUse } = planKvRuns(trie, limit);
        const longest = Math.max(...trie.depth) + 1;
        const live = new Map<number, number>();
        runs.forEach(({ past, rows }, run) => {
          const width = Math.max(...rows.map((row) => row.nodes.length));
          if (lastUse[run] !== undefined) live.set(run, rows.length * (past + width));
          const held = [...live.values()].reduce((sum, positions) => sum + positions, 0);
          // Two paths, while one run takes over from another; and a sequence a level where a batch has no room.
          expect(held).toBeLessThanOrEqual(limit.cachePositions + longest * (2 + 16));
          for (const [kept] of live) if (lastUse[kept] === run) live.delete(kept);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('runs the targets of a context as one batch before the text goes on', () => {
    const next = 'uvwxyzuvwxyzuvwxyzuvwxyz';
    const trie = ofTexts([
      ['abc', '12e'],
      ['abc', '3456e'],
      ['abc', '7e'],
      [`abc${next}`, '12e'],
      [`abc${next}`, '7e'],
    ]);
    expect(shown(trie, planKvRuns(trie, limits('padded')))).toEqual(['abc', '3456 12.. 7...', next, '12 7.']);
    expect(shown(trie, planKvRuns(trie, limits('none')))).toEqual([
      'abc',
      '12',
      '3456',
      '7',
      next,
      '12',
      '7',
    ]);
  });

  it('goes on with the children of a batch in the next one, those of one depth together', () => {
    const trie = ofTexts([
      ['q', 'ax1e'],
      ['q', 'ay2e'],
      ['q', 'bx3e'],
      ['q', 'by4e'],
      ['q', 'ccccx5e'],
      ['q', 'ccccy6e'],
    ]);
    const batches = shown(trie, planKvRuns(trie, limits('padded')));
    expect(batches).toEqual(['q', 'cccc a... b...', 'x5 y6', 'x1 y2 x3 y4']);
  });

  it('goes token by token where the graph takes no longer batch, if that is fewer runs', () => {
    const wide = ofTexts(['1', '2', '3', '4', '5'].map((c) => ['abc', `${c}0e`]));
    expect(shown(wide, planKvRuns(wide, limits('single-token')))).toEqual(['abc', '1 2 3 4 5', '0 0 0 0 0']);
    const deep = ofTexts(['1', '2'].map((c) => ['abc', `${c}000e`]));
    expect(shown(deep, planKvRuns(deep, limits('single-token')))).toEqual(['abc', '1000', '2000']);
  });

  it('splits a chain that is longer than a run may be, and a batch that is too wide', () => {
    const trie = ofTexts(['12', '34', '56'].map((target) => ['abcdefghijabcdefghij', `${target}e`]));
    expect(shown(trie, planKvRuns(trie, limits('padded', 8)))).toEqual([
      'abcdefgh',
      'ijabcdef',
      'ghij',
      '12 34 56',
    ]);
    expect(shown(trie, planKvRuns(trie, limits('padded', 4))).at(-1)).toBe('56');
    // Room for two sequences of 22 tokens, half of which is left to what may come below.
    expect(shown(trie, planKvRuns(trie, limits('padded', 8, 88))).slice(3)).toEqual(['12 34', '56']);
  });

  it('plans a trace of 5,000 steps, a run for each step and each batch of targets', () => {
    let context = { piece: 'start' } as { before?: typeof context; piece: string };
    const requests = [];
    for (let i = 0; i < 5000; i++) {
      context = { before: context, piece: `step ${i} with some words in it` };
      for (const target of ['12', '345', '6789']) requests.push({ context, target });
    }
    const trie = buildTrie(requests, encode, 1e6);
    // A quadratic planner would go through half a billion nodes here and run into the test's time limit.
    const { runs } = planKvRuns(trie, limits('padded', 64));
    expect(runs.length).toBeLessThan(3 * 5000);
    expect(runs.reduce((sum, { rows }) => sum + rows.flatMap((r) => r.nodes).length, 0)).toBe(
      trie.token.length,
    );
  });
});
