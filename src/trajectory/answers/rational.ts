/** An exact fraction, always reduced, the denominator above 0: two equal values have equal fields. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** @throws {RangeError} a denominator of 0 */
export function rational(num: bigint, den = 1n): Rational {
  if (den === 0n) throw new RangeError('a fraction has no denominator 0');
  const divisor = gcd(num, den) * (den < 0n ? -1n : 1n);
  return { num: num / divisor, den: den / divisor };
}

export const add = (a: Rational, b: Rational): Rational =>
  rational(a.num * b.den + b.num * a.den, a.den * b.den);

export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);

export const negate = (a: Rational): Rational => ({ num: -a.num, den: a.den });

export const equal = (a: Rational, b: Rational): boolean => a.num === b.num && a.den === b.den;

export const isInteger = (a: Rational): boolean => a.den === 1n;

export function floor(a: Rational): bigint {
  const quotient = a.num / a.den;
  return a.num < 0n && quotient * a.den !== a.num ? quotient - 1n : quotient;
}

export const ceil = (a: Rational): bigint => -floor(negate(a));

/** Rounded to so many decimals, halves away from 0, trailing zeros dropped: 7/2 at 0 is "4", 1/4 at 3 is "0.25". */
export function toDecimal(a: Rational, decimals: number): string {
  const negative = a.num < 0n;
  const scaled = (negative ? -a.num : a.num) * 10n ** BigInt(decimals) * 2n + a.den;
  const digits = (scaled / (a.den * 2n)).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  let fraction = digits.slice(digits.length - decimals);
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1);
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && text !== '0' ? `-${text}` : text;
}

/** The value that "-12.50" writes. @throws {SyntaxError} not a plain decimal */
export function fromDecimal(text: string): Rational {
  const [whole = '', fraction = ''] = text.split('.');
  return rational(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
}
