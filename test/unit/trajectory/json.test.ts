import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JsonError,
  type JsonNode,
  JsonString,
  MAX_DEPTH,
  parseJson,
  tryParseJson,
} from '../../../src/trajectory/json';
import { PlainText, sourceText, spanOf } from '../../../src/trajectory/placed';
import { readSource, readSpan } from '../../../src/trajectory/read-span';

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object': {
      const object = Object.create(null) as Record<string, unknown>;
      node.keys.forEach((key, index) => {
        const value = node.values[index];
        if (value) object[key] = plain(value);
      });
      return object;
    }
    case 'array':
      return node.items.map(plain);
    case 'null':
      return null;
    case 'string':
      return node.text;
    default:
      return node.value;
  }
}

function strings(node: JsonNode): JsonString[] {
  if (node.kind === 'string') return [node];
  if (node.kind === 'array') return node.items.flatMap(strings);
  return node.kind === 'object' ? node.values.flatMap(strings) : [];
}

/** JSON text with every character of its strings escaped at random, in any of the ways that JSON has. */
const escapedString = fc
  .array(fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }), fc.boolean()), { maxLength: 12 })
  .map((parts) => {
    const raw = parts.map(([text, coded]) =>
      coded ? toUnicodeEscapes(text) : JSON.stringify(text).slice(1, -1),
    );
    return { text: parts.map(([text]) => text).join(''), json: `"${raw.join('')}"` };
  });

function toUnicodeEscapes(text: string): string {
  let out = '';
  for (let i = 0; i < text.length; i++) out += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return out;
}

describe('parseJson', () => {
  it('reads what JSON.parse reads, whatever the layout', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, 4, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // Through JSON once more: -0 has no sign there, and object prototypes do not count.
        expect(JSON.stringify(plain(parseJson(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses, and never throws anything else', () => {
    const mutated = fc.tuple(
      fc.jsonValue({ maxDepth: 4 }),
      fc.nat(),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    fc.assert(
      fc.property(mutated, ([value, at, insert]) => {
        const json = JSON.stringify(value);
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + insert + json.slice(cut + 1);
        // NaN and Infinity are let through on purpose.
        fc.pre(!/NaN|Infinity/.test(text));
        let expected: unknown;
        try {
          expected = { value: JSON.parse(text) };
        } catch {
          expected = undefined;
        }
        const node = tryParseJson(text);
        expect(node !== undefined).toBe(expected !== undefined);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a" 1}', 'a colon is expected after a property name', 5],
    ['[1,]', 'a value is expected', 3],
    ['{"a":1,}', 'a property name in quotes is expected', 7],
    ['[1 2]', 'a comma or the end of the array is expected', 3],
    ['["abc', 'a string is not closed', 1],
    ['["\\x"]', 'a string holds an unknown escape', 1],
    ['["\\u12g4"]', 'a \\u escape wants four hexadecimal digits', 1],
    ['["a\tb"]', 'a string holds a bare control character', 1],
    ['[1', 'it ends inside an array', 2],
    ['', 'it ends too early', 0],
    ['{} x', 'there is more after the end of the value', 3],
    ['// note', 'a value is expected', 0],
    ['[1, /* two */ 2]', 'a value is expected', 4],
  ])('says what is wrong and where: %s', (text, message, offset) => {
    let thrown: unknown;
    try {
      parseJson(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(JsonError);
    expect(thrown).toMatchObject({ message, offset });
  });

  it('takes NaN and Infinity as the numbers that Python writes', () => {
    const node = parseJson('[NaN, -Infinity, Infinity]');
    expect(plain(node)).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(tryParseJson('[NaNa]')).toBeUndefined();
    expect(tryParseJson('[-x]')).toBeUndefined();
  });

  it('reads nesting of a thousand levels and refuses deeper ones with a reason', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(1000)).kind).toBe('array');
    expect(parseJson(nested(MAX_DEPTH)).kind).toBe('array');
    expect(() => parseJson(nested(MAX_DEPTH + 1))).toThrow(/nested deeper than 1024 levels/);
    expect(() => parseJson('{"a":'.repeat(200_000))).toThrow(/nested deeper/);
  });

  it('takes __proto__ and constructor for ordinary keys', () => {
    const node = parseJson('{"__proto__": {"polluted": true}, "constructor": "x", "a": 1}');
    if (node.kind !== 'object') throw new Error('an object was written');
    expect(node.object('__proto__')?.boolean('polluted')).toBe(true);
    expect(node.string('constructor')?.text).toBe('x');
    expect(node.get('toString')).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('lets the last of two equal keys count', () => {
    const node = parseJson('{"a": 1, "a": 2}');
    expect(node.kind === 'object' && node.number('a')).toBe(2);
  });

  it('keeps the digits that a number was written with', () => {
    const node = parseJson('{"answer": 1.50, "big": 12345678901234567890}');
    expect(node.kind === 'object' && node.scalar('answer')?.text).toBe('1.50');
    expect(node.kind === 'object' && node.scalar('big')?.text).toBe('12345678901234567890');
  });
});

describe('places of strings', () => {
  it('every part of every string slices back to itself', () => {
    fc.assert(
      fc.property(escapedString, fc.string(), fc.nat(), fc.nat(), ({ text, json }, before, a, b) => {
        const file = `${before}{"k": [${json}]}`;
        const node = parseJson(new PlainText(file.slice(before.length), before.length));
        const [string] = strings(node);
        if (!string) throw new Error('a string was written');
        expect(string.text).toBe(text);
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const span = spanOf(string, from, to);
        expect(span && readSpan(file, span)).toBe(text.slice(from, to));
      }),
      { numRuns: 500 },
    );
  });

  it('holds through JSON stored in a JSON string', () => {
    fc.assert(
      fc.property(escapedString, fc.nat(), fc.nat(), ({ text, json }, a, b) => {
        const file = `{"input": ${JSON.stringify(`[{"content": ${json}}]`)}}`;
        const outer = strings(parseJson(file))[0];
        const inner = outer && strings(parseJson(outer))[0];
        if (!inner) throw new Error('a nested string was written');
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [
          number,
          number,
        ];
        const span = spanOf(inner, from, to);
        expect(span?.escapes).toBe(2);
        expect(span && readSpan(file, span)).toBe(text.slice(from, to));
      }),
      { numRuns: 300 },
    );
  });

  it('gives no place beyond two layers rather than a wrong one', () => {
    const file = JSON.stringify(JSON.stringify(JSON.stringify('deep')));
    const one = parseJson(file);
    const two = one.kind === 'string' ? parseJson(one) : one;
    const three = two.kind === 'string' ? parseJson(two) : two;
    expect(three instanceof JsonString && three.text).toBe('deep');
    expect(three instanceof JsonString && sourceText(three)).toEqual({ text: 'deep', spans: [] });
  });

  it('tells the exact characters of escapes and surrogate pairs', () => {
    const file = '{"s": "a\\n\\u00e9\\ud83d\\ude00\\"z😀"}';
    const [string] = strings(parseJson(file));
    if (!string) throw new Error('a string was written');
    const slices = Array.from({ length: string.text.length }, (_, i) => {
      const span = spanOf(string, i, i + 1);
      return span && file.slice(span.start, span.end);
    });
    expect(slices).toEqual(['a', '\\n', '\\u00e9', '\\ud83d', '\\ude00', '\\"', 'z', '\ud83d', '\ude00']);
    expect(readSource(file, sourceText(string, 1, 5))).toBe('\né😀');
  });

  it('finds ten thousand places in a long string without going through it each time', () => {
    const text = 'line\n"quoted" é\n\n'.repeat(20_000);
    const file = JSON.stringify({ text });
    const [string] = strings(parseJson(file));
    if (!string) throw new Error('a string was written');
    const started = performance.now();
    for (let i = 0; i < 10_000; i++) spanOf(string, i * 30, i * 30 + 10);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
