import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectFormat, readTrajectories } from '../../../src/trajectory';
import { parseBeginning } from '../../../src/trajectory/json';
import { heapInUse, misplaced, readAll, readText, streamOf } from './support';

const sample = (id: number, answer: string, more = {}) => ({
  id,
  epoch: 1,
  input: `Question ${id}`,
  target: answer,
  messages: [
    { role: 'user', content: `Question ${id}` },
    { role: 'assistant', content: `First a [bracket.\n\nSo it is ${answer}.` },
  ],
  ...more,
});
const log = (samples: unknown, more = {}) => ({
  version: 2,
  eval: { task: 'sums', samples: ['x'] },
  plan: {},
  samples,
  ...more,
});

describe('a log whose samples are read one by one', () => {
  it('gives the same traces for every layout and cut of the stream, each with its line and places', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(1, 2, '\t'),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (answers, indent, cuts) => {
          const samples = answers.map((answer, i) => sample(i, answer));
          const text = JSON.stringify(log(samples, { reductions: [{ samples: [1] }] }), null, indent);
          const { trajectories, problems } = await readAll(streamOf(Buffer.from(text), cuts));
          expect(problems).toEqual([]);
          expect(trajectories.map(({ id, task, steps }) => [id, task, steps.length])).toEqual(
            answers.map((_, i) => [`${i}/1`, 'sums', 2]),
          );
          expect(misplaced(text, trajectories)).toEqual([]);
          for (const { span, line } of trajectories) {
            expect(text.slice(0, span.start).split('\n').length).toBe(line);
            expect(text[span.start]).toBe('{');
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('loses one sample to a lost quote, and none before the place where the file is cut off', async () => {
    const text = JSON.stringify(log([1, 2, 3, 4].map((n) => sample(n, '5'))));
    const broken = await readText(text.replace('"Question 2"', '"Question 2'), 'log.json');
    expect(broken.trajectories.map(({ id }) => id)).toEqual(['1/1', '3/1', '4/1']);
    expect(broken.problems.length).toBeGreaterThan(0);
    const cut = await readText(text.slice(0, text.indexOf('Question 4')), 'log.json');
    expect(cut.trajectories.map(({ id }) => id)).toEqual(['1/1', '2/1', '3/1']);
    expect(cut.problems).toEqual([{ line: 1, reason: 'the record is no JSON: the file ends inside it' }]);
  });

  it('says of a log without samples that it has none', async () => {
    for (const empty of [log([]), log(undefined)]) {
      expect((await readText(JSON.stringify(empty), 'log.json')).problems).toEqual([
        { line: 1, reason: 'the log holds no samples (it was written without them)' },
      ]);
    }
  });

  it('streams a log of 60 MB and finds its first trace at once', async () => {
    const head = JSON.stringify(log([])).slice(0, -2);
    const one = JSON.stringify(sample(1, '5', { notes: 'x'.repeat(20_000) }));
    let read = 0;
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(head + one);
      const block = Buffer.from(`,${one}`.repeat(50));
      for (let i = 0; i < 60; i++) {
        read = i;
        yield block;
      }
      yield Buffer.from(']}');
    }
    const before = heapInUse();
    let peak = 0;
    let [count, readAtFirst] = [0, 0];
    for await (const item of readTrajectories({ stream: chunks(), name: 'log.json' })) {
      if ('trajectory' in item && ++count === 1) readAtFirst = read;
      if (count % 500 === 0) peak = Math.max(peak, heapInUse() - before);
    }
    expect(count).toBe(3001);
    expect(readAtFirst).toBeLessThan(4);
    expect(peak).toBeLessThan(20e6);
  });

  it('is recognised from its beginning only where that is sure', async () => {
    const long = 'x'.repeat(1.5e6);
    const [best] = await detectFormat({
      text: JSON.stringify(log([sample(1, '5', { long })])),
      name: 'log.json',
    });
    expect(best?.id).toBe('inspect');
    const other = JSON.stringify({ question: 'q', samples: [1], steps: [long] });
    expect((await detectFormat({ text: other, name: 'a.json' }))[0]?.id).toBe('normalised');
  });
});

describe('the beginning of a value', () => {
  it('is JSON wherever the text is cut, and holds what was complete', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const begun = parseBeginning(text.slice(0, cut % (text.length + 1)));
        if (begun === undefined) return cut % (text.length + 1) === 0;
        expect(begun.kind).toBe('object');
        if (begun.kind === 'object') for (const key of begun.keys) expect(Object.keys(value)).toContain(key);
        return true;
      }),
    );
    expect(parseBeginning('{"a": [1, {"b": 2, "c": "x')).toMatchObject({ keys: ['a'] });
    expect(parseBeginning('[1, [2], oops, 3')).toMatchObject({ kind: 'array', items: [{}, {}] });
    expect(parseBeginning('oops')).toBeUndefined();
  });
});
