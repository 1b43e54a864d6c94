import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectFormat, MAX_RECORD, readTrajectories, UnknownFormatError } from '../../../src/trajectory';
import { heapInUse, misplaced, readAll, readText, streamOf } from './support';

interface Trace {
  readonly question: string;
  readonly steps: readonly string[];
  readonly answer: string;
}

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '');
const trace: fc.Arbitrary<Trace> = fc.record({
  question: word,
  steps: fc.array(word, { minLength: 1, maxLength: 4 }),
  answer: word,
});
const broken = fc.constantFrom(
  '{"question": "cut',
  'not json',
  '{"question": "q"}',
  '[1,',
  '{"a": [}',
  'NaN',
);
const line = fc.oneof(
  { weight: 4, arbitrary: trace.map((value) => ({ value, text: JSON.stringify(value) })) },
  { weight: 1, arbitrary: broken.map((text) => ({ value: undefined, text })) },
  { weight: 1, arbitrary: fc.constantFrom('', '   ').map((text) => ({ value: undefined, text })) },
);

function encode(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-8 with mark') return Buffer.from(`\uFEFF${text}`, 'utf8');
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}

const ENCODINGS = ['utf-8', 'utf-8 with mark', 'utf-16le', 'utf-16be'] as const;

describe('JSON lines', () => {
  it('gives the same records for every encoding, line end and cut of the stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        // A first line such as "[1," begins an array: what follows are its elements, and no lines.
        fc
          .array(line, { minLength: 1, maxLength: 8 })
          .filter((lines) => lines.some(({ value }) => value))
          .filter((lines) => lines.find(({ text }) => text.trim() !== '')?.text !== '[1,'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.constantFrom(...ENCODINGS),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (lines, end, closed, encoding, cuts) => {
          const text = lines.map((item) => item.text).join(end) + (closed ? end : '');
          const reading = await readAll(streamOf(encode(text, encoding), cuts), { format: 'normalised' });
          const good = lines.flatMap(({ value }, index) => (value ? [{ ...value, line: index + 1 }] : []));
          const bad = lines.flatMap(({ value, text: raw }, index) =>
            value || raw.trim() === '' ? [] : [index + 1],
          );
          expect(
            reading.trajectories.map((found) => ({
              question: found.question.text,
              steps: found.steps.map((step) => step.text),
              answer: found.goldAnswer?.text,
              line: found.line,
            })),
          ).toEqual(good);
          expect(reading.problems.map((problem) => problem.line)).toEqual(bad);
          expect(misplaced(text, reading.trajectories)).toEqual([]);
          expect(
            reading.trajectories.map(({ span }) => JSON.parse(text.slice(span.start, span.end))),
          ).toEqual(lines.flatMap(({ value }) => (value ? [value] : [])));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes U+2028 for a character of the record, not for its end', async () => {
    const text = '{"question": "a\u2028b", "steps": ["one\u2029two", "\u0085"]}\n';
    const { trajectories, problems } = await readText(text);
    expect(problems).toEqual([]);
    expect(trajectories[0]?.question.text).toBe('a\u2028b');
    expect(trajectories[0]?.steps.map((step) => step.text)).toEqual(['one\u2029two', '\u0085']);
  });

  it('reads lines under the name .json, and the good ones when the first is broken', async () => {
    const text = '{"question": "cut off\n{"question": "q", "steps": ["s"]}\n';
    const { trajectories, problems } = await readText(text, 'traces.json');
    expect(trajectories.map(({ line: at }) => at)).toEqual([2]);
    expect(problems).toEqual([{ line: 1, reason: expect.stringContaining('a string is not closed') }]);
  });

  it('refuses a record over 16 MB without losing the ones around it', async () => {
    const good = JSON.stringify({ question: 'q', steps: ['s'] });
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${good}\n{"question": "`);
      const filler = Buffer.alloc(1024 * 1024, 'x');
      for (let i = 0; i < 40; i++) yield filler;
      yield Buffer.from(`", "steps": ["s"]}\n${good}`);
    }
    const before = heapInUse();
    const { trajectories, problems } = await readAll({ stream: chunks() });
    expect(trajectories.map(({ line: at }) => at)).toEqual([1, 3]);
    expect(problems).toEqual([{ line: 2, reason: 'the record is larger than 16 MB; it was skipped' }]);
    expect(heapInUse() - before).toBeLessThan(20e6);
  });

  it('gives ids that are unique, the same at every reading', async () => {
    const record = (id?: string) => JSON.stringify({ ...(id && { id }), question: 'q', steps: ['s'] });
    const text = [record('a'), record(), record('a'), record('a'), record('b')].join('\n');
    const { trajectories } = await readText(text);
    expect(trajectories.map(({ id }) => id)).toEqual(['a', '#2', 'a#3', 'a#4', 'b']);
  });
});

describe('JSON that does not keep to lines', () => {
  const layouts = fc.constantFrom(undefined, 2, '\t');

  it('gives the elements of an array one by one, for every layout and cut of the stream', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(trace, { minLength: 1, maxLength: 6 }),
        layouts,
        fc.array(fc.nat(), { maxLength: 12 }),
        async (traces, indent, cuts) => {
          const text = JSON.stringify(traces, null, indent);
          const { trajectories, problems } = await readAll(streamOf(Buffer.from(text), cuts));
          expect(problems).toEqual([]);
          expect(trajectories.map((found) => found.steps.map((step) => step.text))).toEqual(
            traces.map(({ steps }) => steps),
          );
          expect(misplaced(text, trajectories)).toEqual([]);
          for (const { line: at, span } of trajectories) {
            expect(text.slice(0, span.start).split('\n').length).toBe(at);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reads one object over many lines, and several of them one after another', async () => {
    const one = JSON.stringify({ question: 'q', steps: ['a', 'b'] }, null, 2);
    expect((await readText(one, 'one.json')).trajectories).toHaveLength(1);
    const { trajectories, problems } = await readText(`${one}\n\n${one}\r\n${one}`, 'some.json');
    expect(problems).toEqual([]);
    expect(trajectories.map(({ line: at }) => at)).toEqual([1, 9, 16]);
  });

  it.each([
    ['a quote is missing', (text: string) => text.replace('"q2"', '"q2')],
    ['a quote too much', (text: string) => text.replace('"q2"', '"q"2"')],
    ['a bracket is missing', (text: string) => text.replace('"s2"]', '"s2"')],
    ['a brace is missing', (text: string) => text.replace('"s2"]}', '"s2"]')],
    ['a brace too much', (text: string) => text.replace('"s2"]}', '"s2"]}}')],
    ['a word stands between', (text: string) => text.replace('"s2"]', 'oops "s2"]')],
    ['a comma is missing inside', (text: string) => text.replace('"q2",', '"q2"')],
  ])('a broken element costs itself only: %s', async (_name, breakIt) => {
    const traces = [1, 2, 3, 4].map((n) => ({
      question: `q${n}`,
      steps: [`s${n}`],
      more: { question: 'x' },
    }));
    const compact = JSON.stringify(traces.map(({ question, steps }) => ({ question, steps })));
    for (const text of [compact, compact.replaceAll('},{', '},\n  {'), compact.replaceAll('},{', '}, {')]) {
      const { trajectories, problems } = await readText(breakIt(text), 'array.json');
      expect(trajectories.map(({ question }) => question.text)).toEqual(
        expect.arrayContaining(['q1', 'q3', 'q4']),
      );
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]?.reason).toMatch(/no JSON/);
    }
  });

  it('gives all good elements of an array that is cut off, and says so', async () => {
    const text = JSON.stringify([1, 2, 3].map((n) => ({ question: `q${n}`, steps: ['s'] })));
    const inside = await readText(text.slice(0, -12), 'cut.json');
    expect(inside.trajectories).toHaveLength(2);
    expect(inside.problems).toEqual([{ line: 1, reason: 'the record is no JSON: the file ends inside it' }]);
    const between = await readText(text.slice(0, -1), 'cut.json');
    expect(between.trajectories).toHaveLength(3);
    expect(between.problems).toEqual([
      { line: 1, reason: 'the array is not closed: the file seems to be cut off' },
    ]);
  });

  it('holds one element of a large array at a time', async () => {
    const element = Buffer.from(`${JSON.stringify({ question: 'q', steps: ['x'.repeat(1000)] })},\n`);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('[');
      const many = Buffer.concat(Array.from({ length: 1000 }, () => element));
      for (let i = 0; i < 60; i++) yield many;
      yield Buffer.from('{"question": "last", "steps": ["s"]}]');
    }
    const before = heapInUse();
    let peak = 0;
    let count = 0;
    for await (const item of readTrajectories({ stream: chunks() })) {
      if ('trajectory' in item) count++;
      if (count % 20_000 === 0) peak = Math.max(peak, heapInUse() - before);
    }
    expect(count).toBe(60_001);
    expect(peak).toBeLessThan(20e6);
  });

  it('does not spend the square of the size on an array of nothing but broken elements', async () => {
    const text = `[${'{"question": "q", "steps": [}, '.repeat(50_000)}]`;
    const started = performance.now();
    const { trajectories, problems } = await readText(text, 'broken.json');
    expect(trajectories).toEqual([]);
    expect(problems.length).toBeGreaterThan(1000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('refuses deep nesting with a reason and goes on', async () => {
    const deep = `{"question": "q", "steps": ["s"], "x": ${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const fine = `{"question": "q", "steps": ["s"], "x": ${'['.repeat(1000)}${']'.repeat(1000)}}`;
    const lines = await readText(`${fine}\n${deep}\n${fine}`);
    expect(lines.trajectories).toHaveLength(2);
    expect(lines.problems).toEqual([
      { line: 2, reason: expect.stringMatching(/nested deeper than 1024 levels/) },
    ]);
    const array = await readText(`[${fine},${deep},${fine}]`, 'a.json');
    expect(array.trajectories).toHaveLength(2);
    expect(array.problems).toEqual([
      { line: 1, reason: expect.stringMatching(/nested deeper than 1024 levels/) },
    ]);
  });
});

describe('sources and options', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steplens-reader-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  const record = (n: number) => JSON.stringify({ question: `q${n}`, steps: ['one', 'two'] });

  it('reads a file, a stream and a text alike', async () => {
    const text = [record(1), record(2)].join('\n');
    const path = join(folder, 'traces.jsonl');
    await writeFile(path, text);
    const expected = await readText(text);
    expect(await readAll({ path })).toEqual(expected);
    expect(await readAll(streamOf(Buffer.from(text), [5, 30]))).toEqual(expected);
  });

  it('throws the file system error of a missing file', async () => {
    await expect(readAll({ path: join(folder, 'missing.jsonl') })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('says of an empty file that it holds no trace', async () => {
    const path = join(folder, 'empty.jsonl');
    await writeFile(path, '');
    expect(await readAll({ path })).toEqual({
      trajectories: [],
      problems: [{ line: 1, reason: expect.stringContaining('no trace') }],
    });
  });

  it('names the fields of records that no format knows', async () => {
    const { problems } = await readText('{"foo": 1, "bar": [2]}\n');
    expect(problems).toEqual([
      { line: 1, reason: 'no known trace format: the records have the fields foo, bar' },
    ]);
  });

  it('takes no binary file for text', async () => {
    const { trajectories } = await readAll({
      stream: streamBytes(Uint8Array.from([1, 2, 0, 0, 5, 6, 7, 8])),
    });
    expect(trajectories).toEqual([]);
  });

  it('stops at the limit and closes the stream', async () => {
    let closed = false;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (let n = 0; ; n++) yield Buffer.from(`${record(n)}\n`.repeat(100));
      } finally {
        closed = true;
      }
    }
    const { trajectories } = await readAll({ stream: chunks() }, { limit: 3 });
    expect(trajectories).toHaveLength(3);
    expect(closed).toBe(true);
  });

  it('throws AbortError when the signal fires', async () => {
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _item of readTrajectories(
        { text: `${record(1)}\n`.repeat(1000) },
        { signal: abort.signal },
      )) {
        abort.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('reads as the format that is asked for, and knows no others', async () => {
    const text = '{"prompt": "p", "completions": ["a"], "labels": [true], "question": "q", "steps": ["s"]}';
    expect((await readText(text, 'x.jsonl', { format: 'trl' })).trajectories[0]?.question.text).toBe('p');
    expect((await readText(text, 'x.jsonl', { format: 'normalised' })).trajectories[0]?.question.text).toBe(
      'q',
    );
    await expect(readText(text, 'x.jsonl', { format: 'nonsense' })).rejects.toThrow(UnknownFormatError);
  });

  it('tells the format with a confidence and a reason', async () => {
    const [best] = await detectFormat({ text: record(1), name: 'a.jsonl' });
    expect(best).toEqual({
      id: 'normalised',
      label: 'Steplens JSON lines',
      confidence: 0.85,
      reason: 'objects with question and steps',
    });
    expect(await detectFormat({ text: '', name: 'a.jsonl' })).toEqual([]);
  });

  it('cuts given steps further only when asked to', async () => {
    const text = JSON.stringify({
      question: 'q',
      steps: ['One. Two.', 'Three.'],
      labels: [true, false],
      first_error: 1,
    });
    const given = await readText(text);
    expect(given.trajectories[0]?.steps).toHaveLength(2);
    expect(given.trajectories[0]?.firstError).toBe(1);
    const cut = await readText(text, 'a.jsonl', { splitting: 'sentence' });
    expect(cut.trajectories[0]?.steps.map((step) => [step.text, step.label])).toEqual([
      ['One.', 'correct'],
      ['Two.', 'correct'],
      ['Three.', 'incorrect'],
    ]);
    expect(misplaced(text, cut.trajectories)).toEqual([]);
  });

  it('goes on behind a text on which the pattern runs out of time, but not for ever', async () => {
    const slow = JSON.stringify({ question: 'q', steps: [`${'a'.repeat(40)}!`] });
    const splitting = { pattern: '(a+)+$' };
    const { trajectories, problems } = await readText(`${slow}\n${record(1)}`, 'a.jsonl', { splitting });
    expect(trajectories).toHaveLength(1);
    expect(problems).toEqual([{ line: 1, reason: expect.stringContaining('takes longer than 500 ms') }]);
    await expect(readText(`${slow}\n`.repeat(7), 'a.jsonl', { splitting })).rejects.toThrow(/takes longer/);
    await expect(readText(record(1), 'a.jsonl', { splitting: { pattern: '(' } })).rejects.toThrow(
      /no regular/,
    );
  });

  it('drops blank steps and counts the first error in the ones that are left', async () => {
    const text = JSON.stringify({ question: 'q', steps: ['a', ' ', '', 'b', 'c'], first_error: 3 });
    const { trajectories } = await readText(text);
    expect(trajectories[0]?.steps.map((step) => step.text)).toEqual(['a', 'b', 'c']);
    expect(trajectories[0]?.firstError).toBe(1);
    expect((await readText('{"question": "q", "steps": [" "]}')).problems).toEqual([
      { line: 1, reason: 'the record holds no reasoning step' },
    ]);
  });

  it('allows a record of 16 MB less a little', async () => {
    const text = JSON.stringify({ question: 'q', steps: ['x'.repeat(MAX_RECORD - 100)] });
    expect((await readText(text)).trajectories).toHaveLength(1);
  });
});

async function* streamBytes(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
