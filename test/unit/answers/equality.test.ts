import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerKey, answersEqual, exact } from '../../../src/trajectory/answers';

describe('answersEqual', () => {
  it.each([
    ['1,200', '$1200.00'],
    ['\\frac{1}{2}', '0.5'],
    ['\\frac{2}{4}', '1/2'],
    ['1/20', '\\frac{1}{20}'],
    ['50%', '50'],
    ['50%', '0.5'],
    ['50\\%', '1/2'],
    ['(B)', 'B'],
    ['B.', '(b)'],
    ['(B)', 'Choice_B'],
    ['(B)', '(B) the bus'],
    ['(8,4,2)', '\\left(8, 4, 2\\right)'],
    ['(0.5, 2)', '(\\frac12, 2)'],
    ['1, 3', '3,1'],
    ['\\{1, 3\\}', '\\{3, 1\\}'],
    ['x=4', '4'],
    ['-12 + 15i', '-12+15i'],
    ['YES', 'yes.'],
    ['1e3', '1000'],
    ['12.~3', '12.3'],
    ['10^400', '10^{400}'],
  ])('%j is %j', (a, b) => {
    expect(answersEqual(a, b)).toBe(true);
    expect(answersEqual(b, a)).toBe(true);
  });

  it.each([
    ['5', '5.01'],
    ['0.3333333333333333', '1/3'],
    ['50', '0.5'],
    ['(A)', '(A), (B), (C), or (D)'],
    ['(A)', 'B'],
    ['(1, 3)', '(3, 1)'],
    ['(1, 3)', '1, 3'],
    ['(1, 2)', '[1, 2)'],
    ['5x', '5y'],
    ['x^2', 'X^2'],
    ['9007199254740993', '9007199254740992'],
    ['', '0'],
    ['yes', 'no'],
  ])('%j is not %j', (a, b) => {
    expect(answersEqual(a, b)).toBe(false);
    expect(answersEqual(b, a)).toBe(false);
  });

  it('compares fractions as cross products do', () => {
    const whole = fc.integer({ min: -1000, max: 1000 });
    const below = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(whole, below, whole, below, (a, b, c, d) => {
        expect(answersEqual(`${a}/${b}`, `\\frac{${c}}{${d}}`)).toBe(a * d === b * c);
        expect(answersEqual(`${a}/${b}`, `${a * d}/${b * d}`)).toBe(true);
      }),
    );
  });

  it('is what equal keys say, for all but percentages', () => {
    const text = fc.oneof(
      fc.string(),
      fc.integer({ min: -5, max: 5 }).map(String),
      fc.constantFrom('A', '(a)', '1, 2'),
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        fc.pre(!`${a}${b}`.includes('%'));
        expect(answersEqual(a, b)).toBe(answerKey(a) === answerKey(b));
        expect(answersEqual(a, a)).toBe(true);
      }),
    );
  });
});

describe('exact fractions', () => {
  const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const below = whole.filter((n) => n !== 0n);

  it('are reduced with the sign above', () => {
    expect(exact.rational(6n, -8n)).toEqual({ num: -3n, den: 4n });
    expect(exact.rational(0n, -8n)).toEqual({ num: 0n, den: 1n });
    expect(() => exact.rational(1n, 0n)).toThrow(RangeError);
  });

  it('floor and ceil enclose the value', () => {
    fc.assert(
      fc.property(whole, below, (num, den) => {
        const value = exact.rational(num, den);
        const [low, high] = [exact.floor(value), exact.ceil(value)];
        expect(low * value.den <= value.num && value.num < (low + 1n) * value.den).toBe(true);
        expect(high - low).toBe(exact.isInteger(value) ? 0n : 1n);
      }),
    );
  });

  it('print decimals that read back', () => {
    expect(exact.toDecimal(exact.rational(7n, 2n), 0)).toBe('4');
    expect(exact.toDecimal(exact.rational(-7n, 2n), 0)).toBe('-4');
    expect(exact.toDecimal(exact.rational(1n, 4n), 3)).toBe('0.25');
    expect(exact.toDecimal(exact.rational(-1n, 1000n), 2)).toBe('0');
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 12 }), (num, decimals) => {
        const value = exact.rational(num, 10n ** BigInt(decimals));
        expect(exact.fromDecimal(exact.toDecimal(value, decimals))).toEqual(value);
      }),
    );
  });
});
