interface Buffers {
  f32: Float32Array<ArrayBuffer>;
  i32: Int32Array<ArrayBuffer>;
  u8: Uint8Array<ArrayBuffer>;
}

const MAKE: { readonly [K in keyof Buffers]: (length: number) => Buffers[K] } = {
  f32: (length) => new Float32Array(length),
  i32: (length) => new Int32Array(length),
  u8: (length) => new Uint8Array(length),
};

/** A copy of `buffer` with room for `needed` entries, or `buffer` itself where it has it. Grows by half, at least. */
export function withRoom<K extends keyof Buffers>(kind: K, buffer: Buffers[K], needed: number): Buffers[K] {
  if (buffer.length >= needed) return buffer;
  const larger = MAKE[kind](Math.max(needed, Math.ceil(buffer.length * 1.5), 64));
  larger.set(buffer);
  return larger;
}
