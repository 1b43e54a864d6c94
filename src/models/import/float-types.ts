import { endianness } from 'node:os';
import { fromFloat16 } from '../../likelihood/onnx/float16';

/** All 65,536 half-precision numbers. */
let halves: Float32Array | undefined;

const half = (bits: number): number => {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, i) => fromFloat16(i));
  return halves[bits] ?? 0;
};

/** How the floats of a weight file are stored: bytes of a value, and how they become numbers. All are little-endian. */
export const FLOAT_TYPES = {
  F32: {
    bytes: 4,
    read: (bytes: Buffer): Float32Array => {
      if (endianness() === 'BE') bytes.swap32();
      return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    },
  },
  F16: { bytes: 2, read: (bytes: Buffer): Float32Array => shorts(bytes, half) },
  BF16: { bytes: 2, read: bfloat16 },
} as const;

/** IEEE 754 binary16 → number. */
export { half as float16 };

function shorts(bytes: Buffer, number: (bits: number) => number): Float32Array {
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = number((bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8));
  return out;
}

/** The upper half of a 32-bit float. */
function bfloat16(bytes: Buffer): Float32Array {
  const out = new Uint32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = (((bytes[2 * i + 1] ?? 0) << 24) | ((bytes[2 * i] ?? 0) << 16)) >>> 0;
  }
  return new Float32Array(out.buffer);
}
