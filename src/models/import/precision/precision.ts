import type { Matrix } from '../llama';
import type { OnnxGraph } from '../onnx-graph';

/** How matrices are stored and multiplied. One object serves one graph: it may remember quantised activations. */
export interface Precision {
  /** Adds x · Wᵀ for rows x [n, W.cols] and returns the name of the product [n, W.rows]. */
  linear(graph: OnnxGraph, x: string, name: string, weight: Matrix): string;
  /** Adds the look-up of embedding rows: ids [n] → [n, cols]. */
  embed(graph: OnnxGraph, ids: string, table: Matrix): string;
  /** Adds the LM head: rows [n, hidden] → logits [n, vocab]. A tied one has the name EMBEDDING and is stored once. */
  head(graph: OnnxGraph, x: string, name: string, table: Matrix): string;
}

export const EMBEDDING = 'embed_tokens';
export const HEAD = 'lm_head';
