/** A source of numbers that depends on nothing but its seed. */
export interface Random {
  /** A whole number from 0 to `below` - 1, all equally likely. `below` is from 1 to 2^32. */
  readonly whole: (below: number) => number;
}

/** FNV-1a, 32 bits, over UTF-16 code units, started from `basis`. */
function hash(text: string, basis: number): number {
  let state = (0x811c9dc5 ^ basis) >>> 0;
  for (let i = 0; i < text.length; i++) {
    state = Math.imul(state ^ (text.charCodeAt(i) & 0xff), 0x01000193);
    state = Math.imul(state ^ (text.charCodeAt(i) >>> 8), 0x01000193);
  }
  return state >>> 0;
}

const rotate = (word: number, bits: number) => ((word << bits) | (word >>> (32 - bits))) >>> 0;

/**
 * xoshiro128** (Blackman and Vigna) seeded by a number and any texts: the same on every machine and version of Node,
 * which a fixed choice of negatives and a repeatable bootstrap rest on. Not for secrets.
 */
export function seededRandom(seed: number, ...texts: readonly string[]): Random {
  const label = [String(seed), ...texts].join('\u0000');
  let [a, b, c, d] = [1, 2, 3, 4].map((basis) => hash(label, basis)) as [number, number, number, number];
  if ((a | b | c | d) === 0) a = 1;
  const next = () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  for (let warm = 0; warm < 8; warm++) next();
  return {
    whole: (below) => {
      const mask = below <= 1 ? 0 : 0xffffffff >>> Math.clz32(below - 1);
      let drawn = (next() & mask) >>> 0;
      while (drawn >= below) drawn = (next() & mask) >>> 0;
      return drawn;
    },
  };
}

/** A new array in random order (Fisher and Yates). */
export function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const picked = random.whole(last + 1);
    [shuffled[last], shuffled[picked]] = [shuffled[picked] as T, shuffled[last] as T];
  }
  return shuffled;
}
