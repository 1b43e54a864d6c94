import { exact, type ParsedAnswer, type Rational, readNumber } from '../../trajectory/answers';

const { add, ceil, floor, multiply, negate, rational, toDecimal } = exact;

type ParsedNumber = NonNullable<ParsedAnswer['number']>;

const SHIFTS = [-10n, -2n, 2n, 10n] as const;

const decimalsOf = (printed: string) => printed.split('.')[1]?.length ?? 0;

function perturbDecimal(value: Rational, decimals: number): Rational[] {
  const shifted = SHIFTS.map((shift) => add(value, rational(shift)));
  const less = multiply(value, rational(9n, 10n));
  const more = multiply(value, rational(11n, 10n));
  if (decimals === 0) return [...shifted, rational(floor(less)), rational(ceil(more))];
  return [...shifted, less, more, rational(floor(value)), rational(ceil(value))];
}

const printFraction = ({ num, den }: Rational) => (den === 1n ? `${num}` : `${num}/${den}`);

function perturbFraction({ num, den }: Rational): Rational[] {
  const varied: Rational[] = [];
  for (const shift of [-2n, -1n, 1n, 2n]) {
    varied.push(rational(num + shift, den));
    if (den + shift > 0n) varied.push(rational(num, den + shift));
  }
  if (num !== 0n) varied.push(rational(den, num));
  return [...varied, negate({ num, den })];
}

function perturbScientific(printed: string): string[] {
  const match = /^(.*\^\{)(-?\d+)\}$/u.exec(printed);
  if (match?.[1] === undefined) return [];
  const exponent = Number(match[2]);
  return [-2, -1, 1, 2].map((shift) => `${match[1]}${exponent + shift}}`);
}

/**
 * Numbers near gold, printed as gold is, the likelier ones first: a number gives x±2, x±10, 0.9x, 1.1x and, where it
 * has decimals, its floor and ceiling (all rounded to gold's number of decimals; for a whole number 0.9x down and 1.1x
 * up, so that each differs); a fraction gives its numerator or denominator ±1 and ±2, its inverse and its negative.
 * What changes the sign, or is whole where gold is a fraction, comes in the second list: it is easily told from gold.
 */
export function perturbNumber(printed: string, { value, form }: ParsedNumber): string[][] {
  if (form === 'scientific') return [perturbScientific(printed)];
  const decimals = decimalsOf(printed);
  const varied =
    form === 'fraction'
      ? perturbFraction(value).map(printFraction)
      : perturbDecimal(value, decimals).map((near) => toDecimal(near, decimals));
  const plain: string[] = [];
  const odd: string[] = [];
  for (const text of varied) {
    const near = readNumber(text);
    if (near === undefined) continue;
    const flipped = near.value.num < 0n !== value.num < 0n || near.value.num === 0n;
    const otherKind = form === 'fraction' && near.form !== 'fraction';
    (flipped || otherKind ? odd : plain).push(text);
  }
  return [plain, odd];
}
