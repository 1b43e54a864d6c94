import { resolve } from 'node:path';
import { INT8_CHECK } from '../../src/likelihood/onnx/int8-check';
import { MICROSOFT, OnnxGraph } from '../../src/models/import/onnx-graph';

/** Writes the graph with which the doctor tries 8-bit sums: `int8-check.onnx` in a folder. */
export function writeInt8Check(folder: string): void {
  const { inner, columns, weight, zeroPoint } = INT8_CHECK;
  const graph = new OnnxGraph(folder, 'int8-check');
  const a = graph.input('a', 'u8', ['M', inner]);
  graph.output('y', 'f32', ['M', columns]);
  const weights = new Int8Array(inner * columns).fill(weight);
  graph.node(
    'MatMulIntegerToFloat',
    [
      a,
      graph.constant('b', 'i8', [inner, columns], weights),
      graph.constant('one', 'f32', [], Float32Array.of(1)),
      graph.constant('scale', 'f32', [columns], new Float32Array(columns).fill(1)),
      graph.constant('zero_point', 'u8', [], Uint8Array.of(zeroPoint)),
      graph.constant('weight_zero_point', 'i8', [], Int8Array.of(0)),
    ],
    { domain: MICROSOFT, outputs: ['y'] },
  );
  graph.write();
}

if (process.argv[1]?.endsWith('int8-check.ts')) writeInt8Check(resolve('model'));
