import type { Random } from './random';

/** Pieces of text that have broken readers of one kind or another. */
const PIECES = [
  ...[
    '"',
    '\\',
    '\\u',
    '\\ud800',
    '\\u0000',
    '{',
    '}',
    '[',
    ']',
    '[]',
    '{}',
    ',',
    ':',
    'null',
    'true',
    '0',
    '-',
  ],
  ...[
    '1e999',
    '-0',
    'NaN',
    'Infinity',
    '123456789012345678901234567890',
    '""',
    '"\\n"',
    "'",
    '`',
    '/*',
    '//',
    '#',
  ],
  ...[
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    '\t',
    ' ',
    '\0',
    '\uFEFF',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u200b',
    '\u202e',
    '\ud83d',
  ],
  ...[
    '"__proto__": {"a": 1},',
    '"constructor": null,',
    '"steps": [],',
    '"messages": [null, {"role": 1}],',
    '"id": "x",',
  ],
  ...[
    '<think>',
    '</think>',
    '```',
    '$$',
    '\\[',
    '\\]',
    '\\begin{a}',
    '| a |',
    '#### ',
    'ки',
    'Step 1: ',
    '1. ',
    '\u001b[31m',
  ],
];

/** A mutation of a text. What it does not touch stays as it is. */
type Mutation = (text: string, random: Random) => string;

const at = (text: string, random: Random): number => random.below(text.length + 1);

/** A stretch of the text, mostly a short one. */
function stretch(text: string, random: Random): [number, number] {
  const start = at(text, random);
  const length = random.chance(0.8) ? random.below(16) : random.below(text.length + 1);
  return [start, Math.min(text.length, start + length)];
}

const MUTATIONS: readonly Mutation[] = [
  (text, random) => {
    const place = at(text, random);
    return text.slice(0, place) + random.pick(PIECES) + text.slice(place);
  },
  (text, random) => {
    const [start, end] = stretch(text, random);
    return text.slice(0, start) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = stretch(text, random);
    return text.slice(0, start) + random.pick(PIECES) + text.slice(end);
  },
  (text, random) => {
    const [start, end] = stretch(text, random);
    return text.slice(0, end) + text.slice(start, Math.min(end, start + 20_000)) + text.slice(end);
  },
  (text, random) => {
    const place = random.below(Math.max(1, text.length));
    return text.slice(0, place) + String.fromCharCode(random.below(0x10000)) + text.slice(place + 1);
  },
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => {
    const [start, end] = stretch(text, random);
    const place = at(text, random);
    return text.slice(0, place) + text.slice(start, Math.min(end, start + 20_000)) + text.slice(place);
  },
  (text, random) => {
    const piece = random.pick(PIECES).repeat(1 + random.below(2000));
    const place = at(text, random);
    return text.slice(0, place) + piece + text.slice(place);
  },
  (text, random) => swapValue(text, random),
  (text, random) => swapValue(text, random),
];

const VALUE = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null/g;

/** Puts another value in the place of a JSON value, or of a property's name: the file stays JSON, the schema does not. */
function swapValue(text: string, random: Random): string {
  VALUE.lastIndex = at(text, random);
  const match = VALUE.exec(text);
  if (!match) return text;
  const others = [
    'null',
    '0',
    '-1',
    '1.5',
    'true',
    '""',
    '"x"',
    '[]',
    '[null]',
    '{}',
    '{"text": 1}',
    '"id"',
    '"steps"',
  ];
  return text.slice(0, match.index) + random.pick(others) + text.slice(match.index + match[0].length);
}

/** One to four mutations of a text. */
export function mutateText(text: string, random: Random): string {
  let mutated = text;
  for (let n = 1 + random.below(4); n > 0; n--) mutated = random.pick(MUTATIONS)(mutated, random);
  return mutated.slice(0, Math.max(2 * text.length, 100_000));
}

/** One to four mutations of bytes, for archives and encodings. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = Buffer.from(bytes);
  for (let n = 1 + random.below(4); n > 0; n--) {
    const place = random.below(mutated.length + 1);
    const end = Math.min(mutated.length, place + random.below(64));
    const kind = random.below(4);
    if (kind === 0 && place < mutated.length) mutated[place] = random.below(256);
    else if (kind === 1) mutated = Buffer.concat([mutated.subarray(0, place), mutated.subarray(end)]);
    else if (kind === 2) {
      mutated = Buffer.concat([
        mutated.subarray(0, end),
        mutated.subarray(place, end),
        mutated.subarray(end),
      ]);
    } else mutated = mutated.subarray(0, random.chance(0.2) ? place : mutated.length);
  }
  return mutated;
}
