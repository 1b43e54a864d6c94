import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutAnswerSentence } from '../../../src/trajectory/answers';

const cutText = (step: string) => cutAnswerSentence(step).text;

describe('cutAnswerSentence', () => {
  it.each([
    ['a + b = -37. So the answer is -37', 'a + b = -37.'],
    ['I have now sorted all the words. The answer is air ashman award', 'I have now sorted all the words.'],
    ['3 * 4 = 12. The answer is: 12', '3 * 4 = 12.'],
    ['Mrs. Harrington sold 100 oranges. \\boxed{100}', 'Mrs. Harrington sold 100 oranges.'],
    ['Total = 54 + 36 + 48 = 138 lines \\boxed{138}', 'Total = 54 + 36 + 48 = 138 lines'],
    ['4000 + 2400 = 6400. Thus, the total is: \\[ \\boxed{6400} \\]', '4000 + 2400 = 6400.'],
    [
      'So:\n\\[ 9 \\times 2 = 18 \\]\nThus, she spends \\(\\boxed{18}\\) dollars.',
      'So:\n\\[ 9 \\times 2 = 18 \\]',
    ],
    ['\\[ 9 \\times 2 = 18 \\] Thus, she spends \\(\\boxed{18}\\) dollars.', '\\[ 9 \\times 2 = 18 \\]'],
    ['She has 8 + 10 = 18.\n#### 18', 'She has 8 + 10 = 18.'],
    ['We add: 3 * 2 = 6. **Final Answer:** \\(\\boxed{6}\\)', 'We add: 3 * 2 = 6.'],
    ['There are 21 values of m, so there are \\(\\boxed{21}\\) integers.', 'There are 21 values of m'],
    ['Adding, 5 + 3 = 8, so the answer is 8.', 'Adding, 5 + 3 = 8'],
    ['2 + 3 = 5.\n\n<answer>5</answer>', '2 + 3 = 5.'],
  ])('keeps the reasoning of %j', (step, text) => {
    expect(cutText(step)).toBe(text);
  });

  it.each([
    'The answer is: 12',
    'Based on the analysis, the correct choice is: Choice_D.',
    'So, the final answer is $\\boxed{a}$',
    '#### 58',
    'Step 3: #### 58',
    '\\boxed{5}',
    '\\[ \\boxed{5} \\]',
    'Final Answer: The final answer is 2. I hope it is correct.',
    'Therefore, $\\boxed{x=4}.$ Final Answer: The final answer is 4. I hope it is correct.',
    'Therefore, the change is \\(\\boxed{6}\\).',
    'The final answer is:\n\\[ \\boxed{2}. \\]',
    'Step 5: The answer is 3.',
    'Therefore, the largest odd factor of $5!$ is $\\boxed{15}$.',
    'Therefore, the remainder when dividing 20 by 8 is $\\boxed{4}$.',
  ])('leaves nothing of %j', (step) => {
    expect(cutAnswerSentence(step)).toEqual({ text: '', cut: step });
  });

  it.each([
    'Therefore, Morgan can invite 3 friends.',
    'So the total is \\(4 + 16 = \\boxed{20}\\) square inches.',
    'Since 32 feet is more than 20 feet, the number of days is \\(\\boxed{3}\\).',
    'The minimum is \\(\\boxed{16}\\). Equality occurs when a = b.',
    'The answer is 5 because 2 + 3 = 5.',
    'The answer is 5.\n\nLet me verify: 2 + 3 = 5.',
    'The answer is not 5.',
    'I hope it is correct.',
    '',
  ])('cuts nothing of %j', (step) => {
    expect(cutAnswerSentence(step)).toEqual({ text: step, cut: undefined });
  });

  it('splits the step in two, whatever the step', () => {
    const piece = fc.constantFrom(
      'The answer is 5. ',
      '\\boxed{5}',
      'So 2 + 3 = 5. ',
      '\\[',
      '\\]',
      '\n',
      ', so ',
      '#### 5',
      '$',
      'I hope it is correct. ',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) => {
        const step = pieces.join('');
        const { text, cut } = cutAnswerSentence(step);
        expect(step.startsWith(text)).toBe(true);
        if (cut === undefined) expect(text).toBe(step);
        else {
          expect(step.slice(text.length).trim()).toBe(cut);
          expect(text).toBe(text.trimEnd());
        }
      }),
    );
  });

  it('leaves any reasoning in front of an answer sentence untouched', () => {
    const reasoning = fc.constantFrom('We add 2 and 3.', 'First, 4 * 5 = 20.', 'Mr. Smith has $3.50 left.');
    fc.assert(
      fc.property(fc.array(reasoning, { minLength: 1 }), fc.integer(), (sentences, n) => {
        const kept = sentences.join(' ');
        expect(cutAnswerSentence(`${kept} The answer is: ${n}.`)).toEqual({
          text: kept,
          cut: `The answer is: ${n}.`,
        });
      }),
    );
  });

  it('takes time in proportion to the step', () => {
    const hostile = [
      '\\boxed{5}. '.repeat(40_000),
      'The answer is 5. '.repeat(25_000),
      `${'so '.repeat(130_000)}the answer is 5`,
      `${', '.repeat(200_000)}\\boxed{5}`,
      `the answer is 5${'*'.repeat(400_000)}`,
      `${', '.repeat(200_000)}x the answer is 5`,
      `x${' '.repeat(400_000)}y, so \\boxed{5}`,
      'answer: '.repeat(50_000),
      `${'='.repeat(400_000)}\\boxed{5}`,
    ];
    for (const step of hostile) {
      const started = performance.now();
      cutAnswerSentence(step);
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});
