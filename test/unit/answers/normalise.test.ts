import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseAnswer, parseAnswer } from '../../../src/trajectory/answers';

describe('normaliseAnswer', () => {
  it.each([
    ['1,200', '1200'],
    ['$18', '18'],
    ['-$18', '-18'],
    ['115{,}000', '115000'],
    ['\\$32,\\!348', '32348'],
    ['$\\boxed{\\$70}$', '70'],
    ['\\frac{1}{2}', '1/2'],
    ['\\dfrac12', '1/2'],
    ['-\\tfrac{4}{5}', '-4/5'],
    ['\\frac{4}{-5}', '-4/5'],
    ['1 / 2 cup', '1/2'],
    ['3\\frac{1}{2}', '7/2'],
    ['3 1/2 cups', '7/2'],
    ['50\\%', '50'],
    ['37.5 percent', '37.5'],
    ['\u22125', '-5'],
    ['84 pounds', '84'],
    ['2 miles per hour', '2'],
    ['210\\text{ ways}', '210'],
    ['45^\\circ', '45'],
    ['5cm', '5'],
    ['5 m^2', '5'],
    ['12th', '12'],
    ['3 million dollars', '3000000'],
    ['007', '7'],
    ['7.00', '7'],
    ['.5', '0.5'],
    ['1.38 × 10^-21 g', '1.38 \\times 10^{-21}'],
    ['x=4', '4'],
    ['150 \\div 3 = 50', '50'],
    ['approximately 5', '5'],
    ['**5**', '5'],
    ['\\(5\\).', '5'],
    ['\\text{neither}', 'neither'],
    ['(-2,5,-1)', '(-2, 5, -1)'],
    ['\\left(3\\sqrt{3}, -9, -2\\right)', '(3\\sqrt{3}, -9, -2)'],
    ['-12 + 15i', '-12+15i'],
    ['49\\pi \\text{ cm}^2', '49\\pi'],
    ['0,4', '0, 4'],
    ['(B).', '(B)'],
    ['  Yes. ', 'Yes'],
  ])('prints %j as %j', (text, printed) => {
    expect(normaliseAnswer(text)).toBe(printed);
  });

  it.each([
    '5x',
    '5!',
    '10111_2',
    '5:30',
    '3:1',
    '2 hours 30 minutes',
    '5 or 6',
    '4 red and 6 blue',
    '1/0',
    '12/25/2020',
  ])('takes nothing off %j', (text) => {
    expect(normaliseAnswer(text)).toBe(text);
  });

  it('prints a number the same in every dress', () => {
    const dress = fc.constantFrom<(n: string) => string>(
      (n) => n,
      (n) => `$${n}$`,
      (n) => `\\boxed{${n}}`,
      (n) => `\\(${n}\\)`,
      (n) => `${n}.`,
      (n) => `${n} apples`,
      (n) => `\\$${n}`,
      (n) => `${n}\\%`,
      (n) => `\\text{${n}}`,
      (n) => `x = ${n}`,
    );
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        dress,
        fc.boolean(),
        (n, wear, separated) => {
          const digits = separated ? n.toLocaleString('en-US') : n.toString();
          expect(normaliseAnswer(wear(digits))).toBe(n.toString());
          expect(parseAnswer(wear(digits)).number?.value).toEqual({ num: n, den: 1n });
        },
      ),
    );
  });

  it('changes nothing the second time', () => {
    const piece = fc.constantFrom(
      '\\frac',
      '{',
      '}',
      '12',
      '3',
      '.',
      ',',
      '$',
      '\\text{',
      ' ',
      'x',
      '=',
      '-',
      '%',
      'cm',
      '(',
      ')',
      '\\',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 12 }).map((p) => p.join('')),
        ),
        (text) => {
          const once = normaliseAnswer(text);
          expect(normaliseAnswer(once)).toBe(once);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes time in proportion to the text', () => {
    for (const text of [
      '{'.repeat(400_000),
      '\\boxed{'.repeat(60_000),
      '1'.repeat(400_000),
      '$'.repeat(400_000),
    ]) {
      const started = performance.now();
      normaliseAnswer(text);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});
