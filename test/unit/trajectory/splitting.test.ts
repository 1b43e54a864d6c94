import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPattern, PatternError, type Splitting, splitSteps } from '../../../src/trajectory';

const pieces = (text: string, splitting: Splitting): string[] =>
  splitSteps(text, splitting).map(({ start, end }) => text.slice(start, end));

/** Blocks that must never be cut, each with line breaks and everything that looks like a place to cut. */
const BLOCKS = [
  '```python\nStep 1: x = 1.\n\n1. y\n2. z. Then\n```',
  '~~~\na. B\n\n~~~',
  '$$\na = b. C\n\nStep 2: d\n$$',
  '\\[ x = 1.\n\n Y \\]',
  '\\( f. G \\)',
  '\\begin{align}\na &= b. C\n\n2. d\n\\end{align}',
  '| a. B | c |\n|---|---|\n| 1. x | Step 2: y |',
] as const;

const prose = fc.constantFrom(
  'First we add. Then we stop.',
  'Step 1: take two.',
  'Step 2: double it.',
  'Thought 3: so it is four.',
  '1. one',
  '2. two',
  '## Heading',
  '**Bold title**',
  'It costs $5 and $6.',
  'Why? Because! "So." He said.',
  '- item',
  'e.g. Mr. Smith and 3.5 m',
  '   ',
  '',
  'a | b',
  '$$',
  '\\[',
  '```',
  '\\begin{cases}',
);
const text = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: prose }, fc.constantFrom(...BLOCKS)),
      fc.constantFrom('\n', '\n\n', '\r\n\r\n', ' '),
    ),
    {
      maxLength: 10,
    },
  )
  .map((parts) => parts.map(([part, gap]) => part + gap).join(''));
const splitting: fc.Arbitrary<Splitting> = fc.oneof(
  fc.constantFrom('given' as const, 'numbered' as const, 'blank-line' as const, 'sentence' as const),
  fc
    .constantFrom('(?=Step \\d)', '\\n', '\\.', '', 'x*')
    .filter((pattern) => pattern !== '')
    .map((pattern) => ({ pattern })),
);

describe('splitSteps', () => {
  it('gives pieces in order that never overlap and hold all of the text but white space and separators', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 })), splitting, (whole, how) => {
        let from = 0;
        for (const { start, end } of splitSteps(whole, how)) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(whole.length);
          const piece = whole.slice(start, end);
          expect(piece).toBe(piece.trim());
          if (typeof how === 'string') expect(whole.slice(from, start).trim()).toBe('');
          from = end;
        }
        if (typeof how === 'string') expect(whole.slice(from).trim()).toBe('');
      }),
      { numRuns: 600 },
    );
  });

  it('never cuts code, formulas or tables in two', () => {
    const around = fc.constantFrom(
      'Some words. More words',
      'Step 1: words',
      '1. words',
      'words\n\nand words',
    );
    fc.assert(
      fc.property(around, fc.constantFrom(...BLOCKS), around, splitting, (before, block, after, how) => {
        const whole = `${before}\n\n${block}\n\n${after}`;
        const start = whole.indexOf(block);
        const whoseBlock = splitSteps(whole, how).filter(
          (piece) => piece.start < start + block.length && piece.end > start,
        );
        expect(whoseBlock).toHaveLength(1);
        expect(whoseBlock[0]?.start).toBeLessThanOrEqual(start);
        expect(whoseBlock[0]?.end).toBeGreaterThanOrEqual(start + block.length);
      }),
      { numRuns: 400 },
    );
  });
});

describe('numbered steps', () => {
  it.each([
    ['Step 1: a\nStep 2: b\nStep 3: c', ['Step 1: a', 'Step 2: b', 'Step 3: c']],
    [
      "Let's see.\n**Step 1:** a\n\nmore a\n\n**Step 2:** b",
      ["Let's see.", '**Step 1:** a\n\nmore a', '**Step 2:** b'],
    ],
    ['## Step 1\na\n## Step 2 - next\nb', ['## Step 1\na', '## Step 2 - next\nb']],
    [
      'Step 1: a. Step 2: b as in Step 1: so. Step 3: c',
      ['Step 1: a.', 'Step 2: b as in Step 1: so.', 'Step 3: c'],
    ],
    ['Step 1: a\n1. x\n2. y\nStep 2: b', ['Step 1: a\n1. x\n2. y', 'Step 2: b']],
    ['1. a\n   1. x\n   2. y\n2. b\n3) c', ['1. a\n   1. x\n   2. y', '2. b', '3) c']],
    ['In 2. b we\nsee 5. c', ['In 2. b we\nsee 5. c']],
    ['Thought 1: a\r\nThought 2: b', ['Thought 1: a', 'Thought 2: b']],
    ['A step 2 of the process', ['A step 2 of the process']],
  ])('%j', (whole, expected) => {
    expect(pieces(whole, 'numbered')).toEqual(expected);
  });
});

describe('paragraphs and sentences', () => {
  it('keeps a heading with what follows and a formula with what it belongs to', () => {
    const whole = '## First\n\nWe get:\n\n\\[ x = 1 \\]\n\nSo it is.\n\n---\n\n**End**';
    expect(pieces(whole, 'blank-line')).toEqual([
      '## First\n\nWe get:\n\n\\[ x = 1 \\]',
      'So it is.',
      '---\n\n**End**',
    ]);
  });

  it('knows abbreviations, decimals, initials and list numbers', () => {
    const whole =
      'Mr. Smith paid $3.50, e.g. For it. J. Doe asked: "Is it?" Yes! it was.\n2. Then we go. Done';
    expect(pieces(whole, 'sentence')).toEqual([
      'Mr. Smith paid $3.50, e.g. For it.',
      'J. Doe asked: "Is it?"',
      'Yes! it was.',
      '2. Then we go.',
      'Done',
    ]);
  });

  it('cuts behind full-width marks', () => {
    expect(pieces('第一步。第二步！', 'sentence')).toEqual(['第一步。', '第二步！']);
  });

  it('takes free text as its writer laid it out', () => {
    expect(pieces('Step 1: a\n\nStep 2: b', 'given')).toEqual(['Step 1: a', 'Step 2: b']);
    expect(pieces('a\nb\n\nc', 'given')).toEqual(['a\nb', 'c']);
    expect(pieces('a\nb', 'given')).toEqual(['a', 'b']);
    expect(pieces('One. Two.', 'given')).toEqual(['One.', 'Two.']);
    expect(pieces('one', 'given')).toEqual(['one']);
    expect(pieces(' \n ', 'given')).toEqual([]);
  });
});

describe('custom patterns', () => {
  it('separates at what the pattern matches, and keeps it with a look-ahead', () => {
    expect(pieces('a --- b --- c', { pattern: '---' })).toEqual(['a', 'b', 'c']);
    expect(pieces('Then a Then b', { pattern: '(?=Then)' })).toEqual(['Then a', 'Then b']);
    expect(pieces('a\n=> b\n=> c', { pattern: '^=> ' })).toEqual(['a', 'b', 'c']);
  });

  it('stops a pattern that runs away', () => {
    const started = performance.now();
    expect(() => splitSteps(`${'a'.repeat(40)}!`, { pattern: '(a+)+$' })).toThrow(/takes longer than 500 ms/);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('runs nothing that a pattern or a text says', () => {
    const text = '`$' + '{globalThis.hit = 1}`; process.exit(1) --- "); throw 1; //';
    expect(pieces(text, { pattern: '---' })).toHaveLength(2);
    expect(pieces('a"); globalThis.hit = 1; ("b', { pattern: '"\\); ' })).toEqual([
      'a',
      'globalThis.hit = 1; ("b',
    ]);
    expect((globalThis as Record<string, unknown>).hit).toBeUndefined();
  });

  it('says what is wrong with a pattern', () => {
    expect(() => checkPattern('(')).toThrow(PatternError);
    expect(() => checkPattern('')).toThrow(/empty/);
    expect(() => checkPattern('a'.repeat(1001))).toThrow(/longer than 1000/);
    expect(() => splitSteps('a', { pattern: '[' })).toThrow(/no regular expression/);
  });
});

describe('texts made to be slow', () => {
  const long = 200_000;
  it.each([
    ['dots', '.'.repeat(long)],
    ['brackets behind a dot', `.${')'.repeat(long)}`],
    ['spaces', ' '.repeat(long)],
    ['spaces and a bar', `${' '.repeat(long)}x|`],
    ['table rules', `${'-|'.repeat(long / 2)}\nx|y`],
    ['dollars', '$$ '.repeat(long / 3)],
    ['open brackets', '\\['.repeat(long / 2)],
    ['open environments', '\\begin{a}'.repeat(long / 9)],
    ['closed environments', `${'\\begin{a}'.repeat(long / 20)}${'\\end{b}'.repeat(long / 20)}`],
    ['fences', '```\n'.repeat(long / 4)],
    ['hashes', '#'.repeat(long)],
    ['line ends', '\n \r'.repeat(long / 3)],
    ['steps', 'Step '.repeat(long / 5)],
    ['numbered steps', Array.from({ length: 10_000 }, (_, i) => `Step ${i + 1}: x.`).join('\n')],
    ['numbers', '1. '.repeat(long / 3)],
    ['asterisks', '*'.repeat(long)],
    ['one word', 'a'.repeat(long)],
  ])('%s', (_name, whole) => {
    for (const how of ['given', 'numbered', 'blank-line', 'sentence'] as const) {
      const started = performance.now();
      splitSteps(whole, how);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});
