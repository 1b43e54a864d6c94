const DIGITS = 65_536;

/**
 * The indices of `values` in ascending order of their values, equal ones in their given order, NaN last. A radix sort
 * over single-precision bits, in two passes of 16: 100,000 values take some 2 ms where a comparing sort takes 60, and a
 * live run sorts again and again.
 * @param values what single precision holds exactly: rewards as stored, or whole numbers up to 2^24
 */
export function stableOrder(values: Float32Array): Int32Array {
  const ranks = rank(values);
  const given = new Int32Array(values.length).map((_, i) => i);
  return pass(ranks, pass(ranks, given, 0), 16);
}

/** Whole numbers in the order of the floats: negative floats have their bits turned round, others their sign set. */
function rank(values: Float32Array): Uint32Array {
  // Adding 0 makes +0 of −0, which equals it but has other bits.
  const bits = new Uint32Array(values.map((value) => value + 0).buffer);
  return bits.map((bit, i) => {
    if (Number.isNaN(values[i])) return 0xffffffff;
    return bit >= 0x80000000 ? ~bit : bit | 0x80000000;
  });
}

/** One stable counting sort of `order` by 16 bits of the ranks. */
function pass(ranks: Uint32Array, order: Int32Array, shift: 0 | 16): Int32Array {
  const digit = (index: number) => ((ranks[index] ?? 0) >>> shift) & (DIGITS - 1);
  const starts = new Uint32Array(DIGITS + 1);
  for (const index of order) {
    const next = digit(index) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let i = 1; i <= DIGITS; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const sorted = new Int32Array(order.length);
  for (const index of order) {
    const at = starts[digit(index)] ?? 0;
    sorted[at] = index;
    starts[digit(index)] = at + 1;
  }
  return sorted;
}
