import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LikelihoodRequest, Text } from '../../../src/likelihood/likelihood-model';
import { ContextTooLongError } from '../../../src/likelihood/likelihood-model';
import { buildTrie, type TokenTrie } from '../../../src/likelihood/token-trie';
import { textOf } from '../../support/separate';

/** One token a character. */
const encode = (piece: string): number[] => [...piece].map((c) => c.charCodeAt(0));

const request = (context: string, target: string): LikelihoodRequest => ({
  context: { piece: context },
  target,
});

const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
const anyRequest = fc.record({
  context: fc
    .array(piece, { minLength: 1, maxLength: 4 })
    .filter((p) => p.join('') !== '')
    .map(textOf),
  target: fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }),
});

const flat = (text: Text): string => (text.before ? flat(text.before) : '') + text.piece;

/** The token prefix that a node stands for. */
function prefix(trie: TokenTrie, node: number): string {
  const parent = trie.parent[node] ?? -1;
  return (parent < 0 ? '' : prefix(trie, parent)) + String.fromCharCode(trie.token[node] ?? 0);
}

describe('token trie', () => {
  it('shares what two requests have in common and leaves the last target token out', () => {
    const trie = buildTrie([request('ab', 'xy'), request('ab', 'xz'), request('abc', 'x')], encode, 100);
    expect(trie.token.map((t) => String.fromCharCode(t)).join('')).toBe('abxc');
    expect(trie.depth).toEqual([0, 1, 2, 2]);
    expect(trie.naivePositions).toBe(4 + 4 + 4);
    expect(trie.distinctPositions).toBe(4 + 3); // a ab abx abc, and the ends abxy abxz abcx
  });

  it('counts exactly the distinct prefixes that are fed, for any requests', () => {
    fc.assert(
      fc.property(fc.array(anyRequest, { minLength: 1, maxLength: 8 }), (requests) => {
        const trie = buildTrie(requests, encode, 1000);
        const fed = new Set<string>();
        const all = new Set<string>();
        for (const { context, target } of requests) {
          const whole = flat(context) + target;
          for (let i = 1; i <= whole.length; i++) all.add(whole.slice(0, i));
          for (let i = 1; i < whole.length; i++) fed.add(whole.slice(0, i));
        }
        expect(new Set(trie.token.map((_, n) => prefix(trie, n)))).toEqual(fed);
        expect(trie.token.length).toBe(fed.size);
        expect(trie.distinctPositions).toBe(all.size);
        trie.paths.forEach(({ predictors, tokens }, r) => {
          const { context, target } = requests[r] ?? request('', '');
          expect(String.fromCharCode(...tokens)).toBe(target);
          predictors.forEach((node, i) => {
            expect(prefix(trie, node)).toBe(flat(context) + target.slice(0, i));
          });
        });
      }),
    );
  });

  it('tokenises each piece once, however many contexts are built on it', () => {
    const counts = new Map<string, number>();
    const counting = (text: string): number[] => {
      counts.set(text, (counts.get(text) ?? 0) + 1);
      return encode(text);
    };
    let context: Text = { piece: 'start' };
    const requests: LikelihoodRequest[] = [];
    for (let i = 0; i < 20_000; i++) {
      context = { before: context, piece: `step ${i} ` };
      requests.push({ context, target: 'end' });
    }
    const trie = buildTrie(requests, counting, 1_000_000);
    expect(Math.max(...counts.values())).toBe(1);
    expect(trie.token.length).toBe(
      5 + requests.length * 2 + 'step  '.length * requests.length + digits(20_000),
    );
  });

  it('names the request that exceeds the window, with its length', () => {
    const call = () => buildTrie([request('a', 'b'), request('abcdef', 'xyz')], encode, 8);
    expect(call).toThrow(ContextTooLongError);
    expect(call).toThrow(expect.objectContaining({ request: 1, tokens: 9, window: 8 }));
  });

  it('cuts from the left by half windows, so that neighbours go on sharing', () => {
    const long = 'abcdefghijklmnop';
    const [first, second] = [long, `${long}q`].map((c) => request(c, 'xyz')) as [
      LikelihoodRequest,
      LikelihoodRequest,
    ];
    const trie = buildTrie([first, second], encode, 16, 'cut-left');
    expect(trie.paths.map((p) => p.cut)).toEqual([8, 8]);
    expect(trie.token.map((t) => String.fromCharCode(t)).join('')).toBe('ijklmnopxyqxy');
  });

  it('cuts what exceeds a large window further, with a trie in proportion to the steps', () => {
    const build = (steps: number): TokenTrie => {
      let text: Text = { piece: 'q'.repeat(40) };
      const requests: LikelihoodRequest[] = [];
      for (let i = 0; i < steps; i++) {
        text = { piece: `${i}`.padStart(50, 'x'), before: text };
        for (const target of ['42', '43']) requests.push({ context: text, target });
      }
      return buildTrie(requests, encode, 8192, 'cut-left');
    };
    const [short, long] = [build(1000), build(2000)];
    const kept = long.paths.map(({ predictors }) => (long.depth[predictors[0] ?? 0] ?? 0) + 3);
    const lengths = long.paths.map(({ cut }, i) => 40 + 50 * (Math.floor(i / 2) + 1) + 2 - cut);
    expect(kept).toEqual(lengths);
    for (const [i, { cut }] of long.paths.entries()) {
      expect(kept[i]).toBeLessThanOrEqual(cut > 0 ? 2048 : 8192);
      if (cut > 0) expect(kept[i]).toBeGreaterThan(1023);
    }
    expect(long.token.length / short.token.length).toBeLessThan(2.2);
  });

  it('keeps every path inside the window whatever is cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyRequest, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 10, max: 30 }),
        (requests, window) => {
          const trie = buildTrie(requests, encode, window, 'cut-left');
          expect(Math.max(...trie.depth) + 2).toBeLessThanOrEqual(window);
          trie.paths.forEach(({ predictors, cut }, r) => {
            const { context, target } = requests[r] ?? request('', '');
            const kept = flat(context).slice(cut);
            expect(prefix(trie, predictors[0] ?? -1)).toBe(kept);
            expect(kept.length + target.length).toBeGreaterThan(cut ? window / 2 - 1 : 0);
          });
        },
      ),
    );
  });

  it('refuses a context or a target without tokens', () => {
    expect(() => buildTrie([request('', 'x')], encode, 8)).toThrow('the context has no tokens');
    expect(() => buildTrie([request('x', '')], encode, 8)).toThrow('the target has no tokens');
  });
});

/** Digits of all numbers below n. */
function digits(n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += String(i).length;
  return sum;
}
