import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { MICROSOFT, OnnxGraph } from '../../../../src/models/import/onnx-graph';
import { serve } from '../contestant';

/** Sizes of a product that ONNX Runtime is good at on this model's scale; the best of several counts. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [512, 576, 1536],
  [512, 1536, 576],
  [1024, 1024, 1024],
  [2048, 2048, 2048],
];
const REPEATS = 12;

/** Measures what this machine's ONNX Runtime reaches in bare matrix products: seconds for 10¹² operations. */
serve(
  async () => [null],
  async (_, way) => {
    let best = Number.POSITIVE_INFINITY;
    for (const [m, k, n] of SIZES) best = Math.min(best, await secondsPerTeraop(way === 'int8', m, k, n));
    return { positions: 0, seconds: best };
  },
);

async function secondsPerTeraop(int8: boolean, m: number, k: number, n: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-peak-'));
  try {
    const graph = new OnnxGraph(folder, 'model');
    const x = graph.input('x', int8 ? 'u8' : 'f32', [m, k]);
    const one = graph.constant('one', 'f32', [], Float32Array.of(1));
    const product = int8
      ? graph.node('MatMulIntegerToFloat', [x, graph.constant('w', 'i8', [k, n], bytes(k * n)), one, one], {
          domain: MICROSOFT,
        })
      : graph.node('MatMul', [x, graph.constant('w', 'f32', [k, n], floats(k * n))]);
    graph.node('Identity', [product], { outputs: ['y'] });
    graph.output('y', 'f32', [m, n]);
    graph.write();
    const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
    const input = int8
      ? new Tensor(
          'uint8',
          Uint8Array.from(bytes(m * k), (v) => v + 128),
          [m, k],
        )
      : new Tensor('float32', floats(m * k), [m, k]);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < REPEATS; i++) {
      const started = performance.now();
      await session.run({ x: input });
      best = Math.min(best, (performance.now() - started) / 1000);
    }
    await session.release();
    return (best / (2 * m * k * n)) * 1e12;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const floats = (count: number) =>
  Float32Array.from({ length: count }, (_, i) => ((i * 37) % 101) / 101 - 0.5);
const bytes = (count: number) => Int8Array.from({ length: count }, (_, i) => ((i * 37) % 255) - 127);
