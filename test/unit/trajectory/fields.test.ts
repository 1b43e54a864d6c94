import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFields, FieldsError, parseFields, proposeFields } from '../../../src/trajectory';
import { parseJson } from '../../../src/trajectory/json';
import { misplaced, readText, unplaced } from './support';

const read = (records: unknown, fields: string, splitting?: 'sentence') =>
  readText(typeof records === 'string' ? records : JSON.stringify(records), 'a.json', {
    fields: parseFields(fields),
    ...(splitting ? { splitting } : {}),
  });

describe('mapped fields', () => {
  it('reads what the queries match, each text with its place', async () => {
    const record = {
      meta: { uid: 'a' },
      'user prompt': 'How many?',
      chain: [
        { thought: 'Three "and"\nfour.', ok: 1 },
        { thought: 'So 7.', ok: 0 },
      ],
      expected: 7,
      wrong: ['8', 9],
    };
    const fields =
      "id=$.meta.uid,question=$['user prompt'],steps=$.chain[*].thought,answer=$.expected,negatives=$.wrong,labels=$.chain[*].ok";
    const text = JSON.stringify(record, null, 2);
    const { trajectories, problems } = await read(text, fields);
    expect(problems).toEqual([]);
    expect(trajectories[0]).toMatchObject({
      id: 'a',
      format: 'fields',
      question: { text: 'How many?' },
      steps: [
        { text: 'Three "and"\nfour.', label: 'correct' },
        { text: 'So 7.', label: 'incorrect' },
      ],
      goldAnswer: { text: '7' },
      negatives: [{ text: '8' }, { text: '9' }],
      firstError: 1,
    });
    expect(misplaced(text, trajectories)).toEqual([]);
    expect(unplaced(trajectories)).toBe(0);
  });

  it('keeps every place exact, for any texts and keys', async () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((k) => k.trim() !== '');
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((t) => t.trim() !== '');
    await fc.assert(
      fc.asyncProperty(
        key,
        text,
        fc.array(text, { minLength: 2, maxLength: 5 }),
        async (name, question, steps) => {
          const quoted = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
          const fields = checkFields({ question: '$.q', steps: `$['${quoted}'][*]` });
          const file = JSON.stringify({ q: question, [name === 'q' ? 'qq' : name]: steps });
          if (name === 'q') return;
          const { trajectories, problems } = await readText(file, 'a.jsonl', { fields });
          expect(problems).toEqual([]);
          expect(trajectories[0]?.steps.map((step) => step.text)).toEqual(steps);
          expect(misplaced(file, trajectories)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('cuts one text into steps, and a list into none further unless asked to', async () => {
    const one = { q: 'Q?', a: 'Step 1: one. Still one.\nStep 2: two.' };
    expect((await read(one, 'question=q,steps=a')).trajectories[0]?.steps).toHaveLength(2);
    const list = { q: 'Q?', a: ['One. Two.'] };
    expect((await read(list, 'question=q,steps=a[*]')).trajectories[0]?.steps).toHaveLength(1);
    expect((await read(list, 'question=q,steps=a[*]', 'sentence')).trajectories[0]?.steps).toHaveLength(2);
  });

  it('reads several traces of a record, each with its line', async () => {
    const file = JSON.stringify({ data: [1, 2, 3].map((n) => ({ q: `Q${n}`, s: ['a', 'b'] })) }, null, 1);
    const { trajectories } = await read(file, 'records=$.data[*],question=$.q,steps=$.s[*]');
    expect(trajectories.map(({ id, question }) => [id, question.text])).toEqual([
      ['#1', 'Q1'],
      ['#1.2', 'Q2'],
      ['#1.3', 'Q3'],
    ]);
    expect(trajectories.map(({ line }) => line)).toEqual([4, 11, 18]);
  });

  it('says per record what a query does not find, and reads the others', async () => {
    const lines = [{ q: 'Q', s: ['a'] }, { q: 'Q' }, { s: ['a'] }, { q: 'Q', s: [{ t: 'a' }] }];
    const file = lines.map((line) => JSON.stringify(line)).join('\n');
    const { trajectories, problems } = await readText(file, 'a.jsonl', {
      fields: parseFields('question=$.q,steps=$.s[*]'),
    });
    expect(trajectories).toHaveLength(1);
    expect(problems).toEqual([
      { line: 2, reason: 'steps: $.s[*] matches nothing here' },
      { line: 3, reason: 'question: $.q matches no text here' },
      { line: 4, reason: 'steps: $.s[*] matches objects; name their text, such as one of t' },
    ]);
  });

  it.each([
    [[1, 0], ['correct', 'incorrect'], 1],
    [[1, -1], ['correct', 'incorrect'], 1],
    [[0, -1], ['neutral', 'incorrect'], 1],
    [[true, true], ['correct', 'correct'], -1],
    [['+', '-'], ['correct', 'incorrect'], 1],
    [['Good', 'okay'], ['correct', 'neutral'], -1],
    [['?', 'constructor'], [undefined, undefined], undefined],
    [[1], [undefined, undefined], undefined],
    [1, [undefined, undefined], 1],
    [-1, [undefined, undefined], -1],
    [7, [undefined, undefined], undefined],
  ])('reads labels written as %j', async (labels, expected, firstError) => {
    const { trajectories } = await read(
      { q: 'Q', s: ['a', 'b'], labels },
      'question=q,steps=s,labels=labels',
    );
    expect(trajectories[0]?.steps.map((step) => step.label)).toEqual(expected);
    expect(trajectories[0]?.firstError).toBe(firstError);
  });

  it('takes __proto__ and constructor for ordinary keys', async () => {
    const file = '{"__proto__": {"q": "Q", "polluted": true}, "constructor": ["a", "b"]}';
    const { trajectories } = await read(file, "question=$['__proto__'].q,steps=$.constructor");
    expect(trajectories[0]?.question.text).toBe('Q');
    expect(trajectories[0]?.steps.map((step) => step.text)).toEqual(['a', 'b']);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect((await read('{"a": 1}', 'steps=$.toString')).problems).toHaveLength(1);
  });

  it('reads deep records, and bounds what a path may ask for', async () => {
    const deep = `{"q": "Q", "x": ${'['.repeat(1000)}{"s": ["a", "b"]}${']'.repeat(1000)}}`;
    const started = performance.now();
    expect((await read(deep, 'question=$.q,steps=$..s[*]')).trajectories[0]?.steps).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(() => parseFields('steps=$..a..b')).toThrow(/may occur once/);
    expect(() => parseFields(`steps=$.${'a'.repeat(2000)}`)).toThrow(/longer than/);
    expect(() => parseFields('steps=$.a[?match(@, "(a+)+$")]')).toThrow(/no such function/);
  });
});

describe('a mapping', () => {
  it('is written as pairs or as JSON, with or without the root', () => {
    const expected = { question: '$.prompt', steps: "$.chain[*]['a,b']" };
    expect(parseFields("question=$.prompt,steps=$.chain[*]['a,b']")).toEqual(expected);
    expect(parseFields(" question = prompt ; steps = chain[*]['a,b']")).toEqual(expected);
    expect(parseFields(JSON.stringify(expected))).toEqual(expected);
    expect(checkFields({ ...expected, answer: '' })).toEqual(expected);
  });

  it.each([
    ['question=$.a', /steps: a JSONPath query is expected/],
    ['steps=$.a[', /steps: \$\.a\[ is no JSONPath/],
    ['$.steps', /names no field/],
    ['{"steps": 1}', /steps: a JSONPath query is expected/],
    ['{"step": "$.a"}', /there is no field "step"/],
    ['{"steps"', /no JSON/],
  ])('says what is wrong with %s', (text, message) => {
    expect(() => parseFields(text)).toThrow(FieldsError);
    expect(() => parseFields(text)).toThrow(message);
  });
});

describe('a proposal', () => {
  it.each([
    [
      {
        uid: 7,
        userPrompt: 'How many?',
        chain: [{ t: 'a b' }, { t: 'c d' }],
        expected: '7',
        distractors: ['8'],
      },
      {
        question: '$.userPrompt',
        steps: '$.chain[*].t',
        answer: '$.expected',
        negatives: '$.distractors[*]',
        id: '$.uid',
      },
    ],
    [
      { problem: 'Add.', rationale: 'One. '.repeat(60), target: 3, first_error_step: 1 },
      { question: '$.problem', steps: '$.rationale', answer: '$.target', labels: '$.first_error_step' },
    ],
    [
      { data: [{ question: 'Q?', cot: ['one', 'two'], 'is correct': [true, false] }] },
      { records: '$.data[*]', question: '$.question', steps: '$.cot[*]', labels: "$['is correct'][*]" },
    ],
    [{ a: 1, b: true }, undefined],
    [[], undefined],
  ])('%# is what a person would write', (record, expected) => {
    expect(proposeFields(parseJson(JSON.stringify(record))).mapping).toEqual(expected);
  });

  it('is a mapping that reads the record, whatever the record holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), async (value) => {
        const file = JSON.stringify({ it: value, more: ['first of all', 'second of all'] });
        const { mapping, candidates } = proposeFields(parseJson(file));
        expect(candidates.steps.length).toBeGreaterThan(0);
        const { problems } = await readText(file, 'a.jsonl', { fields: checkFields(mapping) });
        expect(problems).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
