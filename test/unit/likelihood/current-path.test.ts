import fc from 'fast-check';
import { Tensor } from 'onnxruntime-common';
import { describe, expect, it } from 'vitest';
import { CurrentPath, commonLength } from '../../../src/likelihood/onnx/current-path';
import { PathCache } from '../../../src/likelihood/onnx/path-cache';
import { Shelf, TreeMemory } from '../../../src/likelihood/onnx/tree-memory';
import { buildTrie } from '../../../src/likelihood/token-trie';
import { TrieScores } from '../../../src/likelihood/trie-scores';

const SHAPE = { layers: 2, kvHeads: 3, headDim: 2 };
const SLOTS = 2 * SHAPE.layers;

/** What stands for the keys or values of a node: another number for each node, slot, head and dimension. */
const entryOf = (node: number, slot: number, head: number, dim: number) =>
  node * 1000 + slot * 100 + head * 10 + dim;

/** The rows that a pass would give for some nodes. */
const rowsOf = (nodes: readonly number[]): Tensor[] =>
  Array.from({ length: SLOTS }, (_, slot) => {
    const values = Array.from({ length: SHAPE.kvHeads }, (_, head) =>
      nodes.flatMap((node) =>
        Array.from({ length: SHAPE.headDim }, (_, dim) => entryOf(node, slot, head, dim)),
      ),
    ).flat();
    const dims = [1, SHAPE.kvHeads, nodes.length, SHAPE.headDim];
    return new Tensor('float32', Float32Array.from(values), dims);
  });

/** A cache that holds some nodes. */
function cacheOf(nodes: readonly number[]): PathCache {
  const cache = PathCache.empty(SHAPE);
  cache.extend(0, rowsOf(nodes), nodes.length);
  return cache;
}

/** The nodes whose values the first positions of a cache's tensors are; fails where a tensor has others. */
function nodesIn(tensors: readonly Tensor[], length: number): number[] {
  const nodes = Array.from({ length }, (_, i) =>
    Math.floor(Number(tensors[0]?.data[i * SHAPE.headDim]) / 1000),
  );
  tensors.forEach((tensor, slot) => {
    const [, heads = 0, room = 0, headDim = 0] = tensor.dims;
    for (let head = 0; head < heads; head++) {
      nodes.forEach((node, i) => {
        for (let dim = 0; dim < headDim; dim++) {
          expect(tensor.data[(head * room + i) * headDim + dim]).toBe(entryOf(node, slot, head, dim));
        }
      });
    }
  });
  return nodes;
}

/** A path of the tree in which node n hangs off node ⌊(n − 1) / 2⌋: from the root to the node. */
const pathTo = (node: number): number[] => (node === 0 ? [0] : [...pathTo(Math.floor((node - 1) / 2)), node]);

/** A path that is longer than the room that a cache begins with. */
const LONG = Array.from({ length: 300 }, (_, i) => i);

describe('the current path', () => {
  it('has the keys and values of the nodes that it leads over, wherever it goes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 20 }), (ends) => {
        const path = new CurrentPath(PathCache.empty(SHAPE));
        for (const end of ends) {
          const whole = pathTo(end);
          const way = path.wayTo(whole);
          path.goTo(whole, rowsOf(way));
          expect(nodesIn(path.tensors(), whole.length)).toEqual(whole);
        }
      }),
    );
  });

  it('grows beyond the room it has', () => {
    const path = new CurrentPath(PathCache.empty(SHAPE));
    path.goTo(LONG.slice(0, 200), rowsOf(LONG.slice(0, 200)));
    path.goTo(LONG, rowsOf(LONG.slice(200)));
    expect(nodesIn(path.tensors(), LONG.length)).toEqual(LONG);
  });

  it('gives its cache back in the end, where nobody has use for the path', () => {
    const cache = cacheOf(LONG);
    const path = new CurrentPath(cache);
    path.goTo([7, 8], rowsOf([7, 8])); // over what was there
    expect(nodesIn(path.tensors(), 2)).toEqual([7, 8]);
    expect(path.end()).toBe(cache);
  });

  it('goes on from a path that it is given', () => {
    const path = new CurrentPath(PathCache.empty(SHAPE));
    path.goTo([7, 8, 9], rowsOf([7, 8, 9]));
    path.changeTo(LONG.slice(0, 100), cacheOf(LONG));
    expect(nodesIn(path.tensors(), 100)).toEqual(LONG.slice(0, 100));
    const other = [...LONG.slice(0, 100), 900, 901];
    expect(path.wayTo(other)).toEqual([900, 901]);
    path.goTo(other, rowsOf([900, 901]));
    expect(nodesIn(path.tensors(), other.length)).toEqual(other);
  });

  it('puts on the shelf what it leaves behind, if it is more than an answer', () => {
    const shelf = new Shelf();
    const path = new CurrentPath(PathCache.empty(SHAPE), shelf);
    path.goTo(LONG, rowsOf(LONG));
    const answer = [...LONG, 900, 901];
    path.goTo(answer, rowsOf([900, 901]));
    path.backTo(LONG.length);
    expect(shelf.held).toEqual([]);
    const other = [...LONG.slice(0, 100), 902];
    path.goTo(other, rowsOf([902]));
    expect(path.end()).toBeUndefined();
    expect(shelf.held.map((held) => held.path)).toEqual([LONG, other]);
    for (const held of shelf.held) expect(nodesIn(held.cache.tensors(), held.path.length)).toEqual(held.path);
  });
});

describe('the shelf', () => {
  it('holds a path that goes on in place of its beginning, and none twice', () => {
    const shelf = new Shelf();
    const taken = [100, 300, 200].map((length) => shelf.take(LONG.slice(0, length), cacheOf(LONG)));
    expect(taken).toEqual([true, true, false]);
    expect(shelf.held.map(({ path }) => path.length)).toEqual([300]);
  });

  it('holds no more than is worth the memory', () => {
    const shape = { layers: 30, kvHeads: 3, headDim: 64 }; // 46 KB a token
    const shelf = new Shelf();
    const path = (first: number) => Array.from({ length: 400 }, (_, i) => first + i);
    const taken = [0, 1000, 2000, 3000].map((first) =>
      shelf.take(path(first), PathCache.empty(shape).copy(400)),
    );
    expect(taken).toEqual([true, true, false, false]);
  });
});

describe('the memory between calls', () => {
  it('gives a copy of a held path as long as it is wanted, and then the path itself', () => {
    const memory = new TreeMemory();
    const trie = buildTrie(
      [{ context: { piece: 'abc' }, target: 'de' }],
      (piece) => [...Buffer.from(piece)],
      99,
    );
    const cache = cacheOf([0, 1, 2]);
    memory.remember(trie, new TrieScores(trie), [{ path: [0, 1, 2], cache }]);
    const held = memory.recall(trie, new TrieScores(trie)).get(1);
    if (!held) throw new Error('nothing is held');
    const copy = memory.give(held, 2, false);
    expect(copy).not.toBe(cache);
    expect(nodesIn(copy.tensors(), 2)).toEqual([0, 1]);
    expect(memory.recall(trie, new TrieScores(trie)).size).toBe(3);
    expect(memory.give(held, 2, true)).toBe(cache);
    expect(memory.recall(trie, new TrieScores(trie)).size).toBe(0);
  });
});

describe('what two paths have in common', () => {
  it('is their beginning', () => {
    expect(commonLength([1, 2, 3], [1, 2, 4])).toBe(2);
    expect(commonLength([1, 2], [1, 2, 4])).toBe(2);
    expect(commonLength([1, 2, 4], [1, 2])).toBe(2);
    expect(commonLength([], [1])).toBe(0);
  });
});
