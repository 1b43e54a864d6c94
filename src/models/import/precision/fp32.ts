import { type Matrix, rowBlocks, transpose } from '../llama';
import type { OnnxGraph } from '../onnx-graph';
import { EMBEDDING, type Precision } from './precision';

/** Plain 32-bit floats: the reference that the other precisions are measured against. */
export function fp32(): Precision {
  const store = (graph: OnnxGraph, name: string, table: Matrix): string =>
    graph.constant(name, 'f32', [table.rows, table.cols], function* () {
      for (const { data } of rowBlocks(table)) yield data;
    });
  return {
    linear: (graph, x, name, weight) =>
      graph.node('MatMul', [
        x,
        graph.constant(name, 'f32', [weight.cols, weight.rows], () => transpose(weight)),
      ]),
    embed: (graph, ids, table) => graph.node('Gather', [store(graph, EMBEDDING, table), ids]),
    head: (graph, x, name, table) =>
      graph.node('Gemm', [x, store(graph, name, table)], { attributes: { transB: 1 } }),
  };
}
