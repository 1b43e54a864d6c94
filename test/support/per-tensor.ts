import { fp32 } from '../../src/models/import/precision/fp32';
import { quantiseRows } from '../../src/models/import/precision/int8';
import type { Precision } from '../../src/models/import/precision/precision';

/**
 * 8-bit weights and activations as ONNX Runtime's dynamic quantisation writes them (`model_quantized.onnx`): one scale for
 * all activations of a run, so that a token's score depends on what runs beside it.
 */
export function perTensor(): Precision {
  return {
    ...fp32(),
    linear(graph, x, name, weight) {
      const { rows, cols } = weight;
      const { values, scales } = quantiseRows(weight);
      const outputs = ['value', 'scale', 'zero'].map((part) => `${name}.${part}`);
      graph.node('DynamicQuantizeLinear', [x], { outputs });
      const [value = '', scale = '', zero = ''] = outputs;
      const table = graph.node('Transpose', [graph.constant(`${name}.int8`, 'i8', [rows, cols], values)], {
        attributes: { perm: [1, 0] },
      });
      const noOffset = graph.constant('no_offset', 'i8', [], Int8Array.of(0));
      const product = graph.node('MatMulInteger', [value, table, zero, noOffset]);
      const scaled = graph.node('Mul', [
        graph.node('Cast', [product], { attributes: { to: 1 } }),
        graph.constant(`${name}.scales`, 'f32', [rows], scales),
      ]);
      return graph.node('Mul', [scaled, scale]);
    },
  };
}
