import { FLOAT_TYPES, float16 } from './float-types';

/** A way of storing floats in blocks, as ggml does. */
export interface BlockType {
  /** Floats and bytes of a block. */
  readonly values: number;
  readonly bytes: number;
  /** Makes floats of whole blocks. */
  read(bytes: Buffer): Float32Array;
}

/** The types of GGUF tensors that can be read, by ggml's names. */
export const BLOCK_TYPES: Readonly<Record<string, BlockType>> = {
  F32: { values: 1, ...FLOAT_TYPES.F32 },
  F16: { values: 1, ...FLOAT_TYPES.F16 },
  BF16: { values: 1, ...FLOAT_TYPES.BF16 },
  Q8_0: blocks(32, 34, q8),
  Q4_0: blocks(32, 18, (bytes, at, out, to) => nibbles(bytes, at, 2, out, to, -8, 0)),
  Q4_1: blocks(32, 20, (bytes, at, out, to) => nibbles(bytes, at, 4, out, to, 0, half(bytes, at + 2))),
  Q5_0: blocks(32, 22, (bytes, at, out, to) => nibbles(bytes, at, 6, out, to, -16, 0, at + 2)),
  Q5_1: blocks(32, 24, (bytes, at, out, to) =>
    nibbles(bytes, at, 8, out, to, 0, half(bytes, at + 2), at + 4),
  ),
  Q4_K: blocks(256, 144, (bytes, at, out, to) => superBlock(bytes, at, at + 16, out, to)),
  Q5_K: blocks(256, 176, (bytes, at, out, to) => superBlock(bytes, at, at + 48, out, to, at + 16)),
  Q6_K: blocks(256, 210, q6),
};

type ReadBlock = (bytes: Buffer, at: number, out: Float32Array, to: number) => void;

function blocks(values: number, size: number, readBlock: ReadBlock): BlockType {
  return {
    values,
    bytes: size,
    read(bytes) {
      const out = new Float32Array((bytes.length / size) * values);
      for (let b = 0; b * size < bytes.length; b++) readBlock(bytes, b * size, out, b * values);
      return out;
    },
  };
}

const half = (bytes: Buffer, at: number): number => float16(bytes.readUInt16LE(at));

/** Scale, 32 signed bytes. */
function q8(bytes: Buffer, at: number, out: Float32Array, to: number): void {
  const scale = half(bytes, at);
  for (let i = 0; i < 32; i++) out[to + i] = bytes.readInt8(at + 2 + i) * scale;
}

/**
 * Scale, perhaps a minimum, perhaps 32 fifth bits, and 16 bytes: their low nibbles are the first 16 values, their high ones
 * the others. value = (q + offset) · scale + minimum.
 * @param nibblesAt where the nibbles begin in the block
 * @param fifthAt where the fifth bits are in the bytes
 */
function nibbles(
  bytes: Buffer,
  at: number,
  nibblesAt: number,
  out: Float32Array,
  to: number,
  offset: number,
  minimum: number,
  fifthAt?: number,
): void {
  const scale = half(bytes, at);
  const fifth = fifthAt === undefined ? 0 : bytes.readUInt32LE(fifthAt);
  for (let i = 0; i < 16; i++) {
    const byte = bytes[at + nibblesAt + i] ?? 0;
    const low = (byte & 15) | (((fifth >>> i) & 1) << 4);
    const high = (byte >> 4) | (((fifth >>> (i + 16)) & 1) << 4);
    out[to + i] = (low + offset) * scale + minimum;
    out[to + i + 16] = (high + offset) * scale + minimum;
  }
}

/**
 * 256 values in 8 groups of 32: scale and minimum of the block, 12 bytes with a 6-bit scale and a 6-bit minimum for each
 * group, perhaps 32 bytes of fifth bits (bit g of byte i belongs to value i of group g), then nibbles: 32 bytes hold the
 * low nibbles of one group and the high ones of the next.
 */
function superBlock(
  bytes: Buffer,
  at: number,
  nibblesAt: number,
  out: Float32Array,
  to: number,
  fifthAt?: number,
): void {
  const [scale, minimum] = [half(bytes, at), half(bytes, at + 2)];
  for (let group = 0; group < 8; group++) {
    const [s, m] = sixBits(bytes, at + 4, group);
    for (let i = 0; i < 32; i++) {
      const byte = bytes[nibblesAt + (group >> 1) * 32 + i] ?? 0;
      const fifth = fifthAt === undefined ? 0 : ((bytes[fifthAt + i] ?? 0) >> group) & 1;
      const q = ((group & 1 ? byte >> 4 : byte) & 15) | (fifth << 4);
      out[to + group * 32 + i] = scale * s * q - minimum * m;
    }
  }
}

/** The group's scale and minimum: those of groups 4 to 7 have their upper two bits in the bytes of groups 0 to 3. */
function sixBits(bytes: Buffer, at: number, group: number): [number, number] {
  const byte = (i: number) => bytes[at + i] ?? 0;
  if (group < 4) return [byte(group) & 63, byte(group + 4) & 63];
  const low = byte(group + 4);
  return [(low & 15) | ((byte(group - 4) >> 6) << 4), (low >> 4) | ((byte(group) >> 6) << 4)];
}

/**
 * 256 values in two halves of four groups of 32: 128 bytes with the lower four bits, 64 with the upper two, a signed scale
 * for every 16 values, the scale of the block.
 */
function q6(bytes: Buffer, at: number, out: Float32Array, to: number): void {
  const scale = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const [part, group, l] = [i >> 7, (i >> 5) & 3, i & 31];
    const low = bytes[at + part * 64 + (group & 1) * 32 + l] ?? 0;
    const high = bytes[at + 128 + part * 32 + l] ?? 0;
    const q = ((group & 2 ? low >> 4 : low) & 15) | (((high >> (2 * group)) & 3) << 4);
    out[to + i] = scale * bytes.readInt8(at + 192 + (i >> 4)) * (q - 32);
  }
}
