import type { Matrix } from '../llama';
import { MICROSOFT, type OnnxGraph } from '../onnx-graph';
import { EMBEDDING, type Precision } from './precision';

/**
 * 8-bit weights with one scale per output column, 8-bit activations with one scale per row (token).
 * A scale per row, not per tensor, keeps a token's score independent of what else is packed into the pass.
 */
export function int8(): Precision {
  const quantised = new Map<string, Activations>();

  const multiply = (graph: OnnxGraph, x: string, weight: string, scale: string): string => {
    const known = quantised.get(x) ?? quantiseRows(graph, x);
    quantised.set(x, known);
    const product = graph.node(
      'MatMulIntegerToFloat',
      [known.values, weight, one(graph), scale, zeroPoint(graph), noOffset(graph)],
      { domain: MICROSOFT },
    );
    return graph.node('Mul', [product, known.scales]);
  };

  return {
    linear(graph, x, name, weight) {
      const matrix = weight();
      const { values, scales } = quantiseMatrix(matrix);
      return multiply(
        graph,
        x,
        graph.constant(`${name}.int8`, 'i8', [matrix.cols, matrix.rows], transposeBytes(values, matrix)),
        graph.constant(`${name}.scale`, 'f32', [matrix.rows], scales),
      );
    },
    embed(graph, ids, table) {
      const matrix = table();
      const { values, scales } = quantiseMatrix(matrix);
      const rows = graph.node('Gather', [
        graph.constant(`${EMBEDDING}.int8`, 'i8', [matrix.rows, matrix.cols], values),
        ids,
      ]);
      const scale = graph.node('Gather', [
        graph.constant(`${EMBEDDING}.scale`, 'f32', [matrix.rows], scales),
        ids,
      ]);
      return graph.node('Mul', [
        graph.node('Cast', [rows], { attributes: { to: 1 } }),
        graph.node('Unsqueeze', [scale, graph.int64([1])]),
      ]);
    },
    head(graph, x) {
      const table = graph.node('Transpose', [`${EMBEDDING}.int8`], { attributes: { perm: [1, 0] } });
      return multiply(graph, x, table, `${EMBEDDING}.scale`);
    },
  };
}

interface Activations {
  readonly values: string;
  readonly scales: string;
}

const one = (graph: OnnxGraph) => graph.constant('one', 'f32', [], Float32Array.of(1));
const zeroPoint = (graph: OnnxGraph) => graph.constant('zero_point', 'u8', [], Uint8Array.of(128));
const noOffset = (graph: OnnxGraph) => graph.constant('weight_zero_point', 'i8', [], Int8Array.of(0));

/** x [n, k] → unsigned bytes around 128 and scales [n, 1] with x ≈ (values − 128) · scales. */
function quantiseRows(graph: OnnxGraph, x: string): Activations {
  const peak = graph.node('ReduceMax', [graph.node('Abs', [x]), graph.int64([1])], {
    attributes: { keepdims: 0 },
  });
  const step = graph.constant('one_127th', 'f32', [], Float32Array.of(1 / 127));
  const tiny = graph.constant('tiny', 'f32', [], Float32Array.of(1e-12)); // a row of zeros must not divide by zero
  const scale = graph.node('Add', [graph.node('Mul', [peak, step]), tiny]);
  const middle = graph.constant('zero_point_row', 'u8', [1], Uint8Array.of(128));
  const zeroPoints = graph.node('Expand', [middle, graph.node('Shape', [scale])]);
  return {
    values: graph.node('QuantizeLinear', [x, scale, zeroPoints], { attributes: { axis: 0 } }),
    scales: graph.node('Unsqueeze', [scale, graph.int64([1])]),
  };
}

/** One symmetric scale per row of [out, in], which is a column of the transposed weight. */
export function quantiseMatrix({ rows, cols, data }: Matrix): { values: Int8Array; scales: Float32Array } {
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows);
  for (let r = 0; r < rows; r++) {
    const row = data.subarray(r * cols, (r + 1) * cols);
    let peak = 0;
    for (const value of row) peak = Math.max(peak, Math.abs(value));
    const scale = peak / 127 || 1;
    scales[r] = scale;
    for (let c = 0; c < cols; c++) values[r * cols + c] = Math.round((row[c] ?? 0) / scale);
  }
  return { values, scales };
}

function transposeBytes(values: Int8Array, { rows, cols }: Matrix): Int8Array {
  const out = new Int8Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) out[c * rows + r] = values[r * cols + c] ?? 0;
  }
  return out;
}
