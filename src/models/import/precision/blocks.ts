import { type Matrix, rowBlocks } from '../llama';
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
    linear: (graph, x, name, weight) => matMulNBits(graph, x, store(graph, name, weight, bits), weight, bits),
    embed(graph, ids, table) {
      const { values, scales } = store(graph, EMBEDDING, table, 8);
      const cells = graph.node('Gather', [values, ids]);
      const scale = graph.node('Gather', [scales, ids]);
      const middle = graph.constant('middle', 'f32', [], Float32Array.of(128));
      const centred = graph.node('Sub', [graph.node('Cast', [cells], { attributes: { to: 1 } }), middle]);
      const scaled = graph.node('Mul', [centred, graph.node('Unsqueeze', [scale, graph.int64([2])])]);
      return graph.node('Reshape', [scaled, graph.int64([-1, table.cols])]);
    },
    head: (graph, x, name, table) => matMulNBits(graph, x, store(graph, name, table, 8), table, 8),
  };
}

interface Stored {
  readonly values: string;
  readonly scales: string;
  /** Of 4-bit blocks. */
  readonly zeroPoints?: string;
}

function store(graph: OnnxGraph, name: string, matrix: Matrix, bits: 4 | 8): Stored {
  const { rows, cols } = matrix;
  if (cols % BLOCK !== 0)
    throw new Error(`${name} has ${cols} columns, which are no whole blocks of ${BLOCK}`);
  const perRow = cols / BLOCK;
  const { values, scales, zeroPoints } = quantiseBlocks(matrix, bits);
  const stored = {
    values: graph.constant(`${name}.q${bits}`, 'u8', [rows, perRow, (BLOCK * bits) / 8], values),
    scales: graph.constant(`${name}.q${bits}.scale`, 'f32', [rows, perRow], scales),
  };
  if (bits === 8) return stored;
  return { ...stored, zeroPoints: graph.constant(`${name}.q4.zero`, 'f32', [rows, perRow], zeroPoints) };
}

function matMulNBits(graph: OnnxGraph, x: string, stored: Stored, matrix: Matrix, bits: number): string {
  const { values, scales, zeroPoints } = stored;
  return graph.node('MatMulNBits', [x, values, scales, ...(zeroPoints ? [zeroPoints] : [])], {
    domain: MICROSOFT,
    attributes: { K: matrix.cols, N: matrix.rows, bits, block_size: BLOCK, accuracy_level: 4 },
  });
}

/**
 * Every block as unsigned integers q with value ≈ (q − zero) · scale; two 4-bit values share a byte, low nibble first.
 * Scales and zero points are there once the values have been made: they are written after them.
 */
function quantiseBlocks(matrix: Matrix, bits: 4 | 8) {
  const count = (matrix.rows * matrix.cols) / BLOCK;
  const scales = new Float32Array(count);
  const zeroPoints = new Float32Array(count);
  function* values(): Generator<Uint8Array> {
    for (const { from, data } of rowBlocks(matrix)) {
      const packed = new Uint8Array((data.length * bits) / 8);
      for (let b = 0; b * BLOCK < data.length; b++) {
        const block = data.subarray(b * BLOCK, (b + 1) * BLOCK);
        const low = Math.min(...block);
        const high = Math.max(...block);
        const scale = bits === 4 ? (high - low) / 15 || 1 : Math.max(-low, high) / 127 || 1;
        const zero = bits === 4 ? -low / scale : 128;
        const place = (from * matrix.cols) / BLOCK + b;
        scales[place] = scale;
        zeroPoints[place] = zero;
        block.forEach((value, i) => {
          const q = Math.round(value / scale + zero);
          const at = b * BLOCK + i;
          if (bits === 8) packed[at] = q;
          else packed[at >> 1] = (packed[at >> 1] ?? 0) | (at & 1 ? q << 4 : q);
        });
      }
      yield packed;
    }
  }
  return { values, scales: () => scales, zeroPoints: () => zeroPoints };
}
