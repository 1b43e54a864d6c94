import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passCost, planPasses } from '../../../src/likelihood/pass-plan';
import { buildTrie } from '../../../src/likelihood/token-trie';

const encode = (piece: string): number[] => [...piece].map((c) => c.charCodeAt(0));
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 12 });
const anyTrie = fc
  .array(fc.record({ context: word.map((piece) => ({ piece })), target: word }), {
    minLength: 1,
    maxLength: 10,
  })
  .map((requests) => buildTrie(requests, encode, 100));
const anyBudget = fc.record({
  positions: fc.integer({ min: 1, max: 40 }),
  rows: fc.integer({ min: 1, max: 10 }),
});

describe('pass plan', () => {
  it('runs every node once, within the budget, its ancestors before it in the pass or on the path', () => {
    fc.assert(
      fc.property(anyTrie, anyBudget, (trie, budget) => {
        const { order, passes } = planPasses(trie, budget);
        const predictors = new Set(trie.paths.flatMap((path) => path.predictors));
        expect([...order].sort((a, b) => a - b)).toEqual(trie.token.map((_, n) => n));
        expect(passes.flatMap((p) => order.slice(p.start, p.end))).toEqual(order);
        for (const pass of passes) {
          const nodes = order.slice(pass.start, pass.end);
          expect(nodes.length).toBeLessThanOrEqual(budget.positions);
          expect(nodes.filter((n) => predictors.has(n)).length).toBeLessThanOrEqual(budget.rows);
          const seen = new Set(pass.past);
          for (const node of nodes) {
            const parent = trie.parent[node] ?? -1;
            if (parent >= 0) expect(seen.has(parent)).toBe(true);
            seen.add(node);
          }
        }
      }),
    );
  });

  it('hands on one path: its length is the depth of the pass that follows', () => {
    fc.assert(
      fc.property(anyTrie, anyBudget, (trie, budget) => {
        const { order, passes } = planPasses(trie, budget);
        for (const pass of passes) {
          expect(pass.past.map((n) => trie.depth[n])).toEqual(pass.past.map((_, i) => i));
          expect(pass.past.length).toBe(trie.depth[order[pass.start] ?? -1]);
        }
      }),
    );
  });

  it('cuts where it costs least', () => {
    const deep = { context: { piece: 'a'.repeat(90) }, target: 'b' };
    const branches = 'cdefg'.split('').map((piece) => ({
      context: { before: deep.context, piece: piece.repeat(150) },
      target: 'b',
    }));
    const trie = buildTrie(branches, encode, 1000);
    const { order, passes } = planPasses(trie, { positions: 512, rows: 64 });
    const costOf = (cuts: readonly number[]) =>
      cuts.reduce((sum, start, i) => {
        const past = trie.depth[order[start] ?? -1] ?? 0;
        return sum + passCost((cuts[i + 1] ?? order.length) - start, past);
      }, 0);
    const planned = costOf(passes.map((p) => p.start));
    expect(passes.map((p) => p.start)).toEqual([0, 240, 540]); // the path with a branch, then two branches each
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: order.length - 1 }), { maxLength: 8 }), (cuts) => {
        expect(costOf([0, ...cuts.sort((a, b) => a - b)])).toBeGreaterThanOrEqual(planned);
      }),
    );
  });

  it('visits the short branches of a node before the long one', () => {
    const requests = ['xy', 'xyzzzzz'].map((context) => ({ context: { piece: context }, target: 'ab' }));
    const trie = buildTrie(requests, encode, 100);
    const { order } = planPasses(trie, { positions: 100, rows: 100 });
    expect(order.map((n) => String.fromCharCode(trie.token[n] ?? 0)).join('')).toBe('xyazzzzza');
  });
});
