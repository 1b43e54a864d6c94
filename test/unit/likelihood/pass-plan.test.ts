import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planPasses } from '../../../src/likelihood/pass-plan';
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
        const { order, passes, predicts } = planPasses(trie, budget);
        expect([...order].sort((a, b) => a - b)).toEqual(trie.token.map((_, n) => n));
        expect(passes.flatMap((p) => order.slice(p.start, p.end))).toEqual(order);
        for (const pass of passes) {
          const nodes = order.slice(pass.start, pass.end);
          expect(nodes.length).toBeLessThanOrEqual(budget.positions);
          expect(nodes.filter((n) => predicts[n]).length).toBeLessThanOrEqual(budget.rows);
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

  it('visits the short branches of a node before the long one', () => {
    const requests = ['xy', 'xyzzzzz'].map((context) => ({ context: { piece: context }, target: 'ab' }));
    const trie = buildTrie(requests, encode, 100);
    const { order } = planPasses(trie, { positions: 100, rows: 100 });
    expect(order.map((n) => String.fromCharCode(trie.token[n] ?? 0)).join('')).toBe('xyazzzzza');
  });
});
