import { Tensor } from 'onnxruntime-common';
import type { FloatType, KvGraph } from './kv-graph';

/** Float16 values are moved as they are, never calculated with. */
type Values = Float32Array | Uint16Array;

/** The keys and values of some token sequences of one length: per slot [rows, heads, length, dim], row-major. */
export interface KvCache {
  readonly rows: number;
  readonly length: number;
  readonly slots: readonly Values[];
}

/** Where a sequence's cache is found: the row of a cache that holds it, and perhaps more tokens after it. */
export interface CacheRow {
  readonly cache: KvCache;
  readonly row: number;
}

/** The cache of `rows` sequences without a token. */
export function emptyCache(graph: KvGraph, rows: number): KvCache {
  return { rows, length: 0, slots: graph.slots.map(() => values(graph.cacheType, 0)) };
}

/**
 * Puts the first `length` positions of some rows together as one cache. Since a causal model's keys and values depend on
 * nothing that follows, this one operation takes a row out of a batch, drops the padding, repeats a parent for a batch of
 * children, and goes back to an ancestor.
 */
export function gatherCache(graph: KvGraph, sources: readonly CacheRow[], length: number): KvCache {
  const [first] = sources;
  if (first && sources.length === 1 && first.cache.rows === 1 && first.cache.length === length) {
    return first.cache; // the usual case: a text goes on where it was
  }
  const slots = graph.slots.map(({ heads, dim }, slot) => {
    const to = values(graph.cacheType, sources.length * heads * length * dim);
    sources.forEach(({ cache, row }, i) => {
      const from = cache.slots[slot];
      for (let head = 0; from && head < heads; head++) {
        const start = (row * heads + head) * cache.length * dim;
        to.set(from.subarray(start, start + length * dim), (i * heads + head) * length * dim);
      }
    });
    return to;
  });
  return { rows: sources.length, length, slots };
}

/** The cache as the graph's inputs. */
export function cacheFeeds(graph: KvGraph, cache: KvCache): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  graph.slots.forEach(({ past, heads, dim }, slot) => {
    const data = cache.slots[slot];
    const dims = [cache.rows, heads, cache.length, dim];
    if (data instanceof Float32Array) feeds[past] = new Tensor('float32', data, dims);
    else if (data) feeds[past] = new Tensor('float16', data, dims);
  });
  return feeds;
}

/**
 * The cache in the graph's outputs, of `rows` sequences of `length` tokens.
 * @throws {Error} where the graph gives tensors of another shape
 */
export function cacheFromOutputs(
  graph: KvGraph,
  outputs: Readonly<Record<string, Tensor>>,
  rows: number,
  length: number,
): KvCache {
  const slots = graph.slots.map(({ present, heads, dim }) => {
    const tensor = outputs[present];
    const wanted = [rows, heads, length, dim];
    if (tensor?.dims.join() !== wanted.join()) {
      throw new Error(`${present} has the shape [${tensor?.dims.join()}] instead of [${wanted.join()}]`);
    }
    return rawFloats(tensor);
  });
  return { rows, length, slots };
}

/** A float tensor's values; float16 as 16-bit patterns, for which some versions of Node have a class and some do not. */
export function rawFloats(tensor: Tensor): Values {
  const { data } = tensor;
  if (data instanceof Float32Array || data instanceof Uint16Array) return data;
  if (tensor.type === 'float16' && ArrayBuffer.isView(data)) {
    return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  }
  throw new Error(`a tensor of type ${tensor.type} where floats were expected`);
}

const values = (type: FloatType, length: number): Values =>
  type === 'float32' ? new Float32Array(length) : new Uint16Array(length);
