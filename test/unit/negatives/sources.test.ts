import { describe, expect, it } from 'vitest';
import { intermediateResults } from '../../../src/cpmi/negatives/intermediates';
import { optionNegatives, readOptions } from '../../../src/cpmi/negatives/options';
import { perturbations } from '../../../src/cpmi/negatives/perturbations';

describe('options', () => {
  const parenthesised = 'Which is newest?\nOptions:\n(A) The truck.\n(B) The bus.\n(C) The sedan.';
  const colons = 'Solve 2x = 4.\nOptions:\nA: 35 inches \nB: 2 \nC: 3 ';
  const inline = 'Which gas is it? (A) argon (B) neon (C) radon';
  const bullets = 'Is the argument sound?\nOptions:\n- Yes\n- No';

  it('are read in every form', () => {
    expect(readOptions(parenthesised)).toEqual([
      { letter: 'A', text: 'The truck.' },
      { letter: 'B', text: 'The bus.' },
      { letter: 'C', text: 'The sedan.' },
    ]);
    expect(readOptions(colons).map(({ letter, text }) => `${letter}=${text}`)).toEqual([
      'A=35 inches',
      'B=2',
      'C=3',
    ]);
    expect(readOptions('Pick.\nA) one\nB) two').map(({ text }) => text)).toEqual(['one', 'two']);
    expect(readOptions(inline).map(({ text }) => text)).toEqual(['argon', 'neon', 'radon']);
    expect(readOptions(bullets)).toEqual([{ text: 'Yes' }, { text: 'No' }]);
  });

  it('are not seen where there are none', () => {
    expect(readOptions('A. Smith has 3 apples.\nHow many are left?')).toEqual([]);
    expect(readOptions('Let (A) be a set.')).toEqual([]);
    expect(readOptions('')).toEqual([]);
  });

  it('give the other options in gold form', () => {
    const of = (question: string, gold: string) => optionNegatives(readOptions(question), gold);
    expect(of(parenthesised, '(B)')).toEqual(['(A)', '(C)']);
    expect(of(parenthesised, 'B')).toEqual(['A', 'C']);
    expect(of(parenthesised, '(b)')).toEqual(['(a)', '(c)']);
    expect(of(parenthesised, '(B) The bus.')).toEqual(['(A) The truck', '(C) The sedan']);
    expect(of(parenthesised, 'The bus')).toEqual(['The truck', 'The sedan']);
    expect(of(colons, 'C')).toEqual(['A', 'B']);
    expect(of(bullets, 'Yes')).toEqual(['No']);
    expect(of(parenthesised, '7')).toEqual([]);
    expect(of(parenthesised, '(F)')).toEqual([]);
  });
});

describe('intermediateResults', () => {
  it.each([
    ['He has 16 - 3 = <<16-3=13>>13 eggs.', ['13']],
    ['A - B = 10 - (-72) = 10 + 72 = 82.', ['82']],
    ['\\[ 4000 \\text{ dollars} + 2400 \\text{ dollars} = 6400 \\text{ dollars} \\]', ['6400']],
    ['\\( \\frac{3000}{10} = 300 \\) seashells, $x = \\dfrac{3}{4}$', ['300', '3/4']],
    ['cost = $1,200, share = 20\\%, net = \\$40.50', ['1200', '20', '40.5']],
    ['(-36) * (1) = -36 and = (−418)', ['-36', '-418']],
    ['x = 5y, a >= 3, b != 4, c == 7, d = 2 \\times 3, e = 0', []],
    ['y = 2(3), z = 4^2', []],
  ])('of %j', (step, results) => {
    expect(intermediateResults([step])).toEqual(results);
  });

  it('are taken once, in order, over all steps', () => {
    expect(intermediateResults(['a = 1', 'b = 2', 'a = 1, c = 3'])).toEqual(['1', '2', '3']);
  });

  it('take time in proportion to the trace', () => {
    const started = performance.now();
    intermediateResults(['='.repeat(300_000), '= 1'.repeat(100_000), `= ${' '.repeat(300_000)}`]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('perturbations', () => {
  it.each([
    ['20', [['10', '18', '22', '30'], []]],
    ['5', [['3', '7', '15', '4', '6'], ['-5']]],
    ['2.5', [['0.5', '4.5', '12.5', '2.3', '2.8', '2', '3'], ['-7.5']]],
    ['-30', [['-40', '-32', '-28', '-20', '-27', '-33'], []]],
    [
      '\\frac{3}{4}',
      [
        ['1/4', '3/2', '1/2', '5/4', '3/5', '4/3'],
        ['1', '-3/4'],
      ],
    ],
  ])('of the number %j', (gold, lists) => {
    const made = perturbations(gold, '').map((list) => [...new Set(list)].sort());
    const wanted = lists.map((list) => [...list].sort());
    for (const [i, list] of wanted.entries()) expect(made[i]).toEqual(expect.arrayContaining(list));
  });

  it('of a root: the number under it by 1 and 4, and the negative', () => {
    expect(perturbations('\\sqrt{5}', '').flat().sort()).toEqual(
      ['-\\sqrt{5}', '\\sqrt{1}', '\\sqrt{4}', '\\sqrt{6}', '\\sqrt{9}'].sort(),
    );
  });

  it('of formulas: one number or one sign', () => {
    expect(perturbations('49\\pi', '').flat()).toEqual(['47\\pi', '48\\pi', '50\\pi', '51\\pi', '-49\\pi']);
    expect(perturbations('p - q', '').flat()).toEqual(['p+q', '-p+q']);
    expect(perturbations('0,1', '').flat()).toContain('0, -1');
    expect(perturbations('-12 + 5i', '').flat()).toContain('12-5i');
    expect(perturbations('\\frac{3 + x}{2}', '').flat()).toContain('\\frac{3-x}{2}');
    expect(perturbations('\\pi', '').flat()).toEqual(['2\\pi', '\\frac{\\pi}{2}', '3\\pi', '-\\pi']);
    expect(perturbations('(8,4)', '').flat()).toContain('(8, 5)');
    expect(perturbations('1,3', '').flat()).not.toContain('1, 1');
    expect(perturbations('1011_2', '').flat()).toEqual([]);
  });

  it('of a word with an opposite, in its case', () => {
    expect(perturbations('Yes', '').flat()).toEqual(['No']);
    expect(perturbations('FALSE', '').flat()).toEqual(['TRUE']);
    expect(perturbations('\\text{neither}', '').flat()).toEqual(['even', 'odd']);
  });

  it('of an ordering: neighbours swapped', () => {
    const question = 'Sort the words: pear apple fig';
    expect(perturbations('apple fig pear', question).flat()).toEqual(['fig apple pear', 'apple pear fig']);
    expect(perturbations('Ann, Bob, Cy', 'Bob, Cy and Ann queue up.').flat()).toEqual([
      'Bob, Ann, Cy',
      'Ann, Cy, Bob',
    ]);
  });

  it('of other texts: none', () => {
    expect(perturbations('New York City', 'Is it New York City or Paris?').flat()).toEqual([]);
    expect(perturbations('Marion, South Australia', 'Where?').flat()).toEqual([]);
    expect(perturbations('He went home', 'home went He?').flat()).toContain('went He home');
    expect(perturbations('4 red and 6 blue boxes', '').flat()).toEqual([]);
    expect(perturbations('', '').flat()).toEqual([]);
  });
});
