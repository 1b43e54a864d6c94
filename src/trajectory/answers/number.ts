import { fromDecimal, multiply, negate, type Rational, rational } from './rational';

/** How a number is written; a perturbed number is written the same way. */
export type NumberForm = 'integer' | 'decimal' | 'fraction' | 'scientific';

export interface ReadNumber {
  readonly value: Rational;
  readonly form: NumberForm;
  /** The printed form: no thousands separators, no zeros to spare, a fraction as a/b with its sign in front. */
  readonly printed: string;
  /** What follows the number in the text. */
  readonly rest: string;
}

/** Numbers of more digits are kept as text: exact arithmetic on them is slow and says nothing. */
const DIGITS = '\\d{1,100}';
const DECIMAL = `(?:\\d{1,3}(?:,\\d{3}){1,20}(?!\\d)(?:\\.\\d{1,50})?|${DIGITS}(?:\\.\\d{0,50})?|\\.\\d{1,50})`;
const SIGN = '([+-]?) ?(?:[$€£¥₹] ?)?([+-]?)';
const FRACTION = `(?:\\\\frac ?\\{ ?([+-]?${DIGITS}) ?\\} ?\\{ ?([+-]?${DIGITS}) ?\\}|(${DIGITS}) ?[/⁄] ?(${DIGITS}))`;

const MIXED_PATTERN = new RegExp(`^${SIGN}(${DIGITS})(?: |(?=\\\\))${FRACTION}`, 'u');
const FRACTION_PATTERN = new RegExp(`^${SIGN}${FRACTION}`, 'u');
const DECIMAL_PATTERN = new RegExp(`^${SIGN}(${DECIMAL})`, 'u');
const POWER =
  /^ ?(?:\\times|\\cdot|×|·|\*|x) ?10 ?\^ ?(?:\{ ?([+-]?\d{1,3}) ?\}|([+-]?\d{1,3}))|^[eE]([+-]?\d{1,3})(?![\p{L}\d])/u;
const SCALE = /^ (hundred|thousand|million|billion|trillion)\b/iu;
const ZEROS: Readonly<Record<string, number>> = {
  hundred: 2,
  thousand: 3,
  million: 6,
  billion: 9,
  trillion: 12,
};

const isNegative = (...signs: (string | undefined)[]) =>
  signs.filter((sign) => sign === '-').length % 2 === 1;

function readFraction(text: string): ReadNumber | undefined {
  const mixed = MIXED_PATTERN.exec(text);
  const match = mixed ?? FRACTION_PATTERN.exec(text);
  if (match === null) return undefined;
  const groups = mixed === null ? [match[1], match[2], undefined, ...match.slice(3)] : match.slice(1);
  const [outer, inner, whole] = groups;
  const [above = '', below = ''] = groups[3] === undefined ? groups.slice(5, 7) : groups.slice(3, 5);
  const [num, den] = [BigInt(above), BigInt(below)];
  if (den === 0n || (whole !== undefined && (num < 0n || den < 0n))) return undefined;
  const parts = whole === undefined ? { num, den } : { num: BigInt(whole) * den + num, den };
  const value = rational(parts.num, parts.den);
  const signed = isNegative(outer, inner) ? negate(value) : value;
  const [top, bottom] = [parts.num < 0n ? -parts.num : parts.num, parts.den < 0n ? -parts.den : parts.den];
  const printed = `${signed.num < 0n ? '-' : ''}${top}/${bottom}`;
  return { value: signed, form: 'fraction', printed, rest: text.slice(match[0].length) };
}

/** Removes the zeros that add nothing: "007.50" is "7.5". */
function tidyDecimal(digits: string): string {
  const [whole = '', fraction = ''] = digits.replaceAll(',', '').split('.');
  let [from, to] = [0, fraction.length];
  while (from < whole.length - 1 && whole[from] === '0') from++;
  while (to > 0 && fraction[to - 1] === '0') to--;
  return `${whole.slice(from) || '0'}${to > 0 ? `.${fraction.slice(0, to)}` : ''}`;
}

const pow10 = (exponent: number): Rational =>
  exponent < 0 ? rational(1n, 10n ** BigInt(-exponent)) : rational(10n ** BigInt(exponent));

/**
 * The number that a text starts with, in the plain spelling that `tidyLatex` leaves: an optional sign and currency,
 * then a decimal (thousands separated or not, "3 million", 1.4e-5, 1.4 \times 10^{-5}), a/b, \frac{a}{b} or 3 1/2.
 */
export function readNumber(text: string): ReadNumber | undefined {
  const fraction = readFraction(text);
  if (fraction !== undefined) return fraction;
  const match = DECIMAL_PATTERN.exec(text);
  if (match?.[3] === undefined) return undefined;
  const minus = isNegative(match[1], match[2]) ? '-' : '';
  const plain = tidyDecimal(match[3]);
  const value = fromDecimal(`${plain === '0' ? '' : minus}${plain}`);
  const rest = text.slice(match[0].length);
  const power = POWER.exec(rest);
  if (power !== null) {
    const exponent = Number(power[1] ?? power[2] ?? power[3]);
    return {
      value: multiply(value, pow10(exponent)),
      form: 'scientific',
      printed: `${minus}${plain} \\times 10^{${exponent}}`,
      rest: rest.slice(power[0].length),
    };
  }
  const scale = SCALE.exec(rest);
  if (scale?.[1] !== undefined) {
    const scaled = multiply(value, pow10(ZEROS[scale[1].toLowerCase()] ?? 0));
    return { ...printDecimal(scaled), rest: rest.slice(scale[0].length) };
  }
  return { ...printDecimal(value), rest };
}

/** A value of finitely many decimals, printed in full. */
function printDecimal(value: Rational): Omit<ReadNumber, 'rest'> {
  if (value.den === 1n) return { value, form: 'integer', printed: value.num.toString() };
  let decimals = 0;
  let scaled = value;
  while (scaled.den !== 1n) {
    scaled = multiply(scaled, rational(10n));
    decimals++;
  }
  const digits = (scaled.num < 0n ? -scaled.num : scaled.num).toString().padStart(decimals + 1, '0');
  const printed = `${value.num < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return { value, form: 'decimal', printed };
}
