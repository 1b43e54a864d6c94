import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersEqual, readFinalAnswer } from '../../../src/trajectory/answers';

describe('readFinalAnswer', () => {
  it.each([
    ['The answer is: 42', '42'],
    ['So the answer is (B)', '(B)'],
    ['So the answer is (B).', '(B)'],
    ['Thus the total is \\boxed{\\frac{1}{2}} of it.', '\\frac{1}{2}'],
    [
      '\\[ \\boxed{\\left\\{1, \\frac{3}{\\sqrt{2}}\\right\\}} \\]',
      '\\left\\{1, \\frac{3}{\\sqrt{2}}\\right\\}',
    ],
    ['She makes 9 * 2 = 18.\n#### 1,200', '1,200'],
    ['**Step 3:** #### 58', '58'],
    ['Final Answer: The final answer is 2. I hope it is correct.', '2'],
    ['Final Answer: The final answer is $\\frac{11}{36}$. I hope it is correct.', '\\frac{11}{36}'],
    ['**Answer:** 7', '7'],
    ['**Answer:** Verna received $7.00 in change.', '$7.00'],
    ['**Final Answer**\n\\boxed{5}', '5'],
    ['### Final Answer\n12 apples', '12'],
    ['The answer to the question is approximately \\$26,518.', '\\$26,518'],
    ['<answer>B</answer>', 'B'],
    ['Solution: Choice_C - 37 inches', 'C'],
    ['Solution: Choice D.', 'D'],
    ['Solution: Choice\\_D', 'D'],
    ['The correct choice is B: the reshuffling of alleles.', 'B'],
    ['Hence, the strongest solution is Choice B: 0.1 M NaCl.', 'B'],
    ['She sells 26.\nA: 26', '26'],
    ['The correct option is (C) the bus.', '(C)'],
    ['Answer: Marion, South Australia', 'Marion, South Australia'],
    ['The answer is air ashman award coliform', 'air ashman award coliform'],
    ['The answer is 5 because 2 + 3 = 5.', '5'],
    ['The answer is (-2, 5, -1).', '(-2, 5, -1)'],
    ['Therefore, the answer is \\(52\\) candles and flashlights.', '52'],
    ['Therefore, Sam can invite 3 friends to the party.', '3'],
    ['Thus the area, in 2 parts, is \\(\\frac{1}{21}\\).', '\\frac{1}{21}'],
    ['So, the net cost would be $51,288.13.', '$51,288.13'],
  ])('reads %j', (text, answer) => {
    expect(readFinalAnswer(text)).toBe(answer);
  });

  it.each([
    '',
    'We first count the apples.',
    'The answer is not 5.',
    'Therefore, Ann walks 2 miles in 3 hours.',
    'She has 3 apples.',
    'Therefore, none of the choices is correct, nor an option a reader would take.',
    '\\boxed{}',
    '\\boxed{5',
    '#### Step 1\nWe count.',
  ])('reads nothing from %j', (text) => {
    expect(readFinalAnswer(text)).toBeUndefined();
  });

  it('takes the last of several answers', () => {
    expect(readFinalAnswer('The answer is 4. No: \\boxed{5}. Or rather, the answer is 6.')).toBe('6');
    expect(readFinalAnswer('The answer is 4, or so I thought.\n\nIndeed \\boxed{5}')).toBe('5');
  });

  it('reads any number behind any marker', () => {
    const marker = fc.constantFrom(
      'The answer is: ',
      'So the answer is ',
      '#### ',
      'Final Answer: ',
      '**Answer:** ',
    );
    const lead = fc.constantFrom('', 'We add 3 and 4 to get 7. ', 'Mr. Smith has 3.5 apples.\n\n');
    fc.assert(
      fc.property(
        lead,
        marker,
        fc.integer(),
        fc.constantFrom('', '.', ' apples', ' apples.'),
        (words, mark, n, end) => {
          const read = readFinalAnswer(`${words}${mark}${n}${end}`);
          expect(read).toBe(String(n));
        },
      ),
    );
  });

  it('survives any text and stays inside it', () => {
    const word = fc.constantFrom(
      '\\boxed{',
      '}',
      '{',
      '####',
      'answer',
      ' is ',
      ':',
      '$',
      '\\(',
      '\\)',
      '\n',
      '. ',
      '7',
      'A',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (words) => {
        const text = words.join('');
        const read = readFinalAnswer(text);
        if (read !== undefined) expect(read).not.toBe('');
      }),
    );
  });

  it('takes time in proportion to the text', () => {
    const hostile = [
      'answer '.repeat(60_000),
      ' '.repeat(400_000),
      '\\boxed{'.repeat(60_000),
      '$'.repeat(400_000),
      'the answer is 5. '.repeat(25_000),
      'answer: '.repeat(50_000),
      'answer: . '.repeat(40_000),
      '#### '.repeat(80_000),
      '<answer>'.repeat(50_000),
      '.)'.repeat(200_000),
      `answer ${'to '.repeat(130_000)}`,
      `So ${'= '.repeat(200_000)}`,
      `So ${'1'.repeat(400_000)}`,
    ];
    for (const text of hostile) {
      const started = performance.now();
      readFinalAnswer(text);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

const dev = resolve(__dirname, '../../../../shared/data/bench/dev.jsonl');
if (!existsSync(dev)) console.info('dev.jsonl is not there: reading real answers is skipped');

describe.skipIf(!existsSync(dev))('readFinalAnswer on real traces', () => {
  it('agrees with the recorded final answer where both read one', () => {
    const rows = readFileSync(dev, 'utf8')
      .trim()
      .split('\n')
      .map((line): { steps: string[]; final_answer: string | null } => JSON.parse(line));
    let both = 0;
    let same = 0;
    for (const { steps, final_answer } of rows) {
      const read = readFinalAnswer(steps.at(-1) ?? '');
      if (read === undefined || final_answer === null) continue;
      both++;
      if (answersEqual(read, final_answer)) same++;
    }
    expect(both).toBeGreaterThan(270);
    expect(same / both).toBeGreaterThan(0.98);
  });
});
