import { transpose } from '../llama';
import { EMBEDDING, type Precision } from './precision';

/** Plain 32-bit floats: the reference that the other precisions are measured against. */
export function fp32(): Precision {
  return {
    linear(graph, x, name, weight) {
      const matrix = weight();
      return graph.node('MatMul', [
        x,
        graph.constant(name, 'f32', [matrix.cols, matrix.rows], transpose(matrix)),
      ]);
    },
    embed(graph, ids, table) {
      const { rows, cols, data } = table();
      return graph.node('Gather', [graph.constant(EMBEDDING, 'f32', [rows, cols], data), ids]);
    },
    head: (graph, x) => graph.node('Gemm', [x, EMBEDDING], { attributes: { transB: 1 } }),
  };
}
