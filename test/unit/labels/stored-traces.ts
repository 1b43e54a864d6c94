import fc from 'fast-check';
import type { StoredStep, StoredTrace } from '../../../src/labels';

/** Texts as traces have them: words, signs, quotes, line breaks, letters beyond the first plane; never blank. */
const word = fc.oneof(
  fc.constantFrom(
    '12 + 30 = 42',
    'so',
    '"x"',
    '\\frac{1}{2}',
    '=SUM(A1)',
    ',',
    '𝑥²',
    '-',
    'Then',
    '<b>',
    '+',
    '€',
  ),
  fc.string({ minLength: 1, maxLength: 8 }),
);
export const text = fc
  .array(word, { minLength: 1, maxLength: 6 })
  .map((words) => words.join(' '))
  .filter((all) => all.trim() !== '' && !all.includes('ки') && !/Step\s*\d/.test(all));

/** JSON has no negative zero. */
const nats = fc.double({ min: -5, max: 5, noNaN: true }).map((value) => value + 0);

const step: fc.Arbitrary<StoredStep> = fc.record({
  text,
  reward: nats,
  goldGain: fc.option(nats),
  contrastGain: fc.option(nats),
  softLabel: fc.double({ min: 0, max: 1, noNaN: true }),
  label: fc.constantFrom('correct', 'neutral', 'incorrect'),
  labelledBy: fc.constantFrom('model', 'human'),
  modelLabel: fc.constantFrom('correct', 'incorrect'),
});

/** Scored traces, with ids that differ. */
export const storedTraces: fc.Arbitrary<StoredTrace[]> = fc
  .array(
    fc.record({
      question: text,
      goldAnswer: fc.constantFrom('42', '1/2', 'B'),
      steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((traces) =>
    traces.map((trace, i) => ({
      ...trace,
      id: `t${i}`,
      line: i + 1,
      goldSource: 'file' as const,
      finalAnswer: null,
      model: null,
      estimator: null,
    })),
  );
