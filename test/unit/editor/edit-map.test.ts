import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EditMap, type TextChange } from '../../../src/editor/document/edit-map';
import { readSpan } from '../../../src/trajectory';
import { jsonLine, readText } from './traces';

/** A text whose characters know where they came from. */
type Tracked = readonly (number | 'new')[];

const apply = (text: Tracked, { rangeOffset, rangeLength, text: inserted }: TextChange): Tracked => [
  ...text.slice(0, rangeOffset),
  ...Array.from(inserted, () => 'new' as const),
  ...text.slice(rangeOffset + rangeLength),
];

const LENGTH = 24;
const changes = fc.array(
  fc.record({
    at: fc.nat(1000),
    remove: fc.nat(6),
    insert: fc.string({ maxLength: 5, unit: 'grapheme-ascii' }),
  }),
  { maxLength: 12 },
);

function run(edits: readonly { at: number; remove: number; insert: string }[]) {
  const map = new EditMap();
  let text: Tracked = Array.from({ length: LENGTH }, (_, i) => i);
  for (const { at, remove, insert } of edits) {
    const rangeOffset = at % (text.length + 1);
    const rangeLength = Math.min(remove, text.length - rangeOffset);
    if (rangeLength === 0 && insert === '') continue;
    const change = { rangeOffset, rangeLength, text: insert };
    map.apply(change);
    text = apply(text, change);
  }
  return { map, text };
}

describe('EditMap', () => {
  it('finds every character that is still there, wherever edits have moved it', () => {
    fc.assert(
      fc.property(changes, (edits) => {
        const { map, text } = run(edits);
        for (let i = 0; i < LENGTH; i++) {
          const now = text.indexOf(i);
          if (now < 0) continue;
          // What stands between untouched neighbours is exactly that character.
          if (!map.touches(i, i + 1)) expect(map.map(i, i + 1)).toEqual({ start: now, end: now + 1 });
          const { start, end } = map.map(i, i + 1);
          expect(start).toBeLessThanOrEqual(now);
          expect(end).toBeGreaterThan(now);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives places inside the text, in the order of the text', () => {
    fc.assert(
      fc.property(changes, fc.nat(LENGTH), fc.nat(LENGTH), (edits, a, b) => {
        const { map, text } = run(edits);
        const { start, end } = map.map(Math.min(a, b), Math.max(a, b));
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('says that a stretch is touched if a character of it is gone', () => {
    fc.assert(
      fc.property(changes, fc.nat(LENGTH - 1), (edits, i) => {
        const { map, text } = run(edits);
        if (!text.includes(i)) expect(map.touches(i, i + 1)).toBe(true);
      }),
    );
  });

  it('takes what is typed at the end of a stretch as part of it', () => {
    const map = new EditMap();
    map.apply({ rangeOffset: 5, rangeLength: 0, text: 'xy' });
    expect(map.map(2, 5)).toEqual({ start: 2, end: 7 });
    expect(map.map(6, 8)).toEqual({ start: 8, end: 10 });
  });

  it('keeps steps on their text through edits before them, with escapes, line ends and surrogate pairs', async () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\n', '\r\n', 'é', '🙂', '\u2028', ' ', '\ud83d'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 1, maxLength: 4 }), nasty, async (texts, before) => {
        const steps = texts.map((text, i) => `s${i} ${text}.`);
        const line = jsonLine({ steps });
        const [read] = await readText(line);
        const map = new EditMap();
        map.apply({ rangeOffset: 0, rangeLength: 0, text: before });
        for (const [i, step] of (read?.trajectory.steps ?? []).entries()) {
          expect(step.text).toBe(steps[i]);
          const [span] = step.spans;
          if (!span) throw new Error('a step of a JSON string has a place');
          // Something typed right before the record touches it, but not its steps.
          expect(readSpan(before + line, { ...span, ...map.map(span.start, span.end) })).toBe(steps[i]);
        }
      }),
    );
  });
});
