import type { Matrix } from '../llama';
import { MICROSOFT, type OnnxGraph } from '../onnx-graph';
import { EMBEDDING, type Precision } from './precision';

/** Values that share one scale. */
const BLOCK = 32;

/**
 * 4- or 8-bit weights in blocks of 32 with ONNX Runtime's MatMulNBits. 4-bit blocks carry an offset (as GGUF's Q4_1
 * does), 8-bit ones are symmetric (as Q8_0 is); the embedding table is always 8-bit.
 */
export function blocks(bits: 4 | 8): Precision {
  return {
    linear: (graph, x, name, weight) => matMulBlocks(graph, x, name, weight(), bits),
    embed(graph, ids, table) {
      const matrix = table();
      const perRow = matrix.cols / BLOCK;
      const { values, scales } = quantiseBlocks(matrix, 8);
      const shape = [matrix.rows, perRow, BLOCK];
      const cells = graph.node('Gather', [graph.constant(`${EMBEDDING}.q8`, 'u8', shape, values), ids]);
      const scale = graph.node('Gather', [
        graph.constant(`${EMBEDDING}.q8.scale`, 'f32', [matrix.rows, perRow], scales),
        ids,
      ]);
      const middle = graph.constant('middle', 'f32', [], Float32Array.of(128));
      const centred = graph.node('Sub', [graph.node('Cast', [cells], { attributes: { to: 1 } }), middle]);
      const scaled = graph.node('Mul', [centred, graph.node('Unsqueeze', [scale, graph.int64([2])])]);
      return graph.node('Reshape', [scaled, graph.int64([-1, matrix.cols])]);
    },
    head: (graph, x, table) => {
      const { rows, cols } = table();
      return matMulNBits(graph, [x, `${EMBEDDING}.q8`, `${EMBEDDING}.q8.scale`], rows, cols, 8);
    },
  };
}

function matMulBlocks(graph: OnnxGraph, x: string, name: string, matrix: Matrix, bits: 4 | 8): string {
  const { rows, cols } = matrix;
  const perRow = cols / BLOCK;
  const { values, scales, zeroPoints } = quantiseBlocks(matrix, bits);
  const inputs = [
    x,
    graph.constant(`${name}.q${bits}`, 'u8', [rows, perRow, (BLOCK * bits) / 8], values),
    graph.constant(`${name}.q${bits}.scale`, 'f32', [rows, perRow], scales),
  ];
  if (bits === 4) inputs.push(graph.constant(`${name}.q4.zero`, 'f32', [rows, perRow], zeroPoints));
  return matMulNBits(graph, inputs, rows, cols, bits);
}

function matMulNBits(graph: OnnxGraph, inputs: string[], rows: number, cols: number, bits: number): string {
  return graph.node('MatMulNBits', inputs, {
    domain: MICROSOFT,
    attributes: { K: cols, N: rows, bits, block_size: BLOCK, accuracy_level: 4 },
  });
}

/** Every block as unsigned integers q with value ≈ (q − zero) · scale; two 4-bit values share a byte, low nibble first. */
function quantiseBlocks({ data }: Matrix, bits: 4 | 8) {
  const count = data.length / BLOCK;
  const values = new Uint8Array((data.length * bits) / 8);
  const scales = new Float32Array(count);
  const zeroPoints = new Float32Array(count);
  for (let b = 0; b < count; b++) {
    const block = data.subarray(b * BLOCK, (b + 1) * BLOCK);
    const low = Math.min(...block);
    const high = Math.max(...block);
    const scale = bits === 4 ? (high - low) / 15 || 1 : Math.max(-low, high) / 127 || 1;
    const zero = bits === 4 ? -low / scale : 128;
    scales[b] = scale;
    zeroPoints[b] = zero;
    block.forEach((value, i) => {
      const q = Math.round(value / scale + zero);
      const at = b * BLOCK + i;
      if (bits === 8) values[at] = q;
      else values[at >> 1] = (values[at >> 1] ?? 0) | (at & 1 ? q << 4 : q);
    });
  }
  return { values, scales, zeroPoints };
}
