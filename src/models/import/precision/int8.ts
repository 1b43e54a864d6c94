import { type Matrix, rowBlocks } from '../llama';
import { MICROSOFT, type OnnxGraph } from '../onnx-graph';
import { EMBEDDING, type Precision } from './precision';

/**
 * 8-bit weights with one scale per output column, 8-bit activations with one scale per row (token).
 * A scale per row, not per tensor, keeps a token's score independent of what else is packed into the pass.
 */
export function int8(): Precision {
  const quantised = new Map<string, Activations>();

  const multiply = (graph: OnnxGraph, x: string, weight: string, scale: string): string => {
    const known = quantised.get(x) ?? quantiseActivations(graph, x);
    quantised.set(x, known);
    const product = graph.node(
      'MatMulIntegerToFloat',
      [known.values, weight, one(graph), scale, zeroPoint(graph), noOffset(graph)],
      { domain: MICROSOFT },
    );
    return graph.node('Mul', [product, known.scales]);
  };

  /** Stores a table [rows, cols] by rows, each with its scale. */
  const store = (graph: OnnxGraph, name: string, table: Matrix) => {
    const { values, scales } = quantiseRows(table);
    return {
      values: graph.constant(`${name}.int8`, 'i8', [table.rows, table.cols], values),
      scales: graph.constant(`${name}.scale`, 'f32', [table.rows], scales),
    };
  };

  return {
    linear(graph, x, name, weight) {
      const { values, scales } = quantiseColumns(weight);
      return multiply(
        graph,
        x,
        graph.constant(`${name}.int8`, 'i8', [weight.cols, weight.rows], values),
        graph.constant(`${name}.scale`, 'f32', [weight.rows], scales),
      );
    },
    embed(graph, ids, table) {
      const { values, scales } = store(graph, EMBEDDING, table);
      const rows = graph.node('Gather', [values, ids]);
      const scale = graph.node('Gather', [scales, ids]);
      return graph.node('Mul', [
        graph.node('Cast', [rows], { attributes: { to: 1 } }),
        graph.node('Unsqueeze', [scale, graph.int64([1])]),
      ]);
    },
    head(graph, x, name, table) {
      const { values, scales } = store(graph, name, table);
      const columns = graph.node('Transpose', [values], { attributes: { perm: [1, 0] } });
      return multiply(graph, x, columns, scales);
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
function quantiseActivations(graph: OnnxGraph, x: string): Activations {
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

/**
 * The rows of [out, in] as bytes with one symmetric scale each, which are there once the bytes have been made: a weight's
 * scales are written after it.
 */
export function quantiseRows(matrix: Matrix) {
  const scales = new Float32Array(matrix.rows);
  function* values(): Generator<Int8Array> {
    for (const { from, data } of rowBlocks(matrix)) yield quantise(data, matrix.cols, scales.subarray(from));
  }
  return { values, scales: () => scales };
}

/** The same as [in, out]: rows are columns. */
function quantiseColumns(matrix: Matrix) {
  const { rows, cols } = matrix;
  const scales = new Float32Array(rows);
  const values = (): Int8Array => {
    const out = new Int8Array(rows * cols);
    for (const { from, to, data } of rowBlocks(matrix)) {
      const block = quantise(data, cols, scales.subarray(from));
      for (let r = from; r < to; r++) {
        for (let c = 0; c < cols; c++) out[c * rows + r] = block[(r - from) * cols + c] ?? 0;
      }
    }
    return out;
  };
  return { values, scales: () => scales };
}

function quantise(data: Float32Array, cols: number, scales: Float32Array): Int8Array {
  const values = new Int8Array(data.length);
  for (let r = 0; r * cols < data.length; r++) {
    const row = data.subarray(r * cols, (r + 1) * cols);
    let peak = 0;
    for (const value of row) peak = Math.max(peak, Math.abs(value));
    const scale = peak / 127 || 1;
    scales[r] = scale;
    for (let c = 0; c < cols; c++) values[r * cols + c] = Math.round((row[c] ?? 0) / scale);
  }
  return values;
}
