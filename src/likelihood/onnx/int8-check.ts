import { Tensor } from 'onnxruntime-common';
import type { Runtime } from './runtime';

/** Shape of the product that is tried: small, and of the kind that the 8-bit graphs are made of. */
export const INT8_CHECK = { rows: 4, inner: 48, columns: 16, weight: 127, zeroPoint: 128 } as const;

/**
 * Whether sums of 8-bit products are exact. On x64 processors without VNNI a usual instruction adds two products in
 * 16 bits, which are cut off where both are large: scores of 8-bit graphs are then wrong, and nothing says so.
 * @param graph made by scripts/model/int8-check.ts: a MatMulIntegerToFloat of `INT8_CHECK`'s shape
 * @returns the largest error, in units of the sum; 0 where all is well
 */
export async function int8Error(runtime: Runtime, graph: string): Promise<number> {
  const { rows, inner, columns, weight, zeroPoint } = INT8_CHECK;
  // From all at the top, where it overflows first, to all sorts of values.
  const values = Uint8Array.from({ length: rows * inner }, (_, i) =>
    i < inner ? 255 : i < 2 * inner ? 0 : (i * 89 + 37) & 255,
  );
  const session = await runtime.open({ graph, data: [] }, { threads: 1 });
  try {
    const { y } = await session.run({ a: new Tensor('uint8', values, [rows, inner]) });
    const found = y?.data as Float32Array;
    let worst = 0;
    for (let row = 0; row < rows; row++) {
      const sum = values
        .subarray(row * inner, (row + 1) * inner)
        .reduce((all, v) => all + (v - zeroPoint) * weight, 0);
      for (let column = 0; column < columns; column++) {
        worst = Math.max(worst, Math.abs((found[row * columns + column] ?? Number.NaN) - sum));
      }
    }
    return worst;
  } finally {
    await session.release();
  }
}
