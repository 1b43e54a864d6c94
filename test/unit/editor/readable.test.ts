import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepAt, within } from '../../../src/editor/document/surface';
import { UndoStack } from '../../../src/editor/human/undo-stack';
import { layOut } from '../../../src/editor/readable/layout';
import { fromAddress, toAddress } from '../../../src/editor/readable/readable-uri';
import { scoredWith, traceOf } from './traces';

describe('the readable view', () => {
  it('writes out question, steps and answers', async () => {
    const trace = await traceOf({ id: 'x', question: 'Q?', steps: ['one', 'two'], answer: '3' });
    expect(layOut(trace, 'Format').text).toBe(
      'x\nFormat · line 1\n\nQuestion\nQ?\n\nStep 1\none\n\nStep 2\ntwo\n\nGold answer\n3\n\n',
    );
    trace.setScored(scoredWith(trace, [0, 0]));
    trace.setGivenGold('4');
    expect(layOut(trace, 'Format').text).toContain(
      'Gold answer (yours)\n4\n\nWrong answers\n7 (gold answer changed)',
    );
  });

  it('knows where each step stands, whatever is in it', async () => {
    const unit = fc.constantFrom('a', '\r\n', '\r', '\n', '🙂', '\u202e', '\u0000', ' ', 'Step 2', '\ufeff');
    const text = fc.string({ unit, maxLength: 12 }).map((s) => `s${s}.`);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (steps) => {
        const trace = await traceOf({ steps });
        const layout = layOut(trace, 'F');
        expect(layout.steps.length).toBe(trace.trajectory.steps.length);
        expect(layout.text).not.toMatch(/\r|\u202e/);
        for (const [i, { start, end }] of layout.steps.entries()) {
          const shown = layout.text.slice(start, end);
          const plain = (steps[i] ?? '').replace(/\r\n?/g, '\n');
          expect(shown).toBe(plain.replaceAll('\u202e', '\\u202e').replaceAll('\0', '\\u0000'));
        }
        for (const { start } of layout.headings) expect(layout.text[start - 1] ?? '\n').toBe('\n');
      }),
    );
  });

  it('has an address that says what it shows, and refuses others', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (source, id) => {
        const { path, query } = toAddress({ source, id });
        expect(path).toMatch(/^\/[^/\\]+\.steplens$/);
        expect(fromAddress(query)).toEqual({ source, id });
      }),
    );
    for (const query of ['', 'x', '{}', '[1, 2]', '["a"]', 'null'])
      expect(fromAddress(query)).toBeUndefined();
  });
});

describe('places in a text', () => {
  const stretches = [
    { start: 0, end: 4 },
    { start: 5, end: 9 },
    { start: 10, end: 14 },
  ];

  it('are found by bisection', () => {
    expect(within(stretches, 4, 5)).toEqual(stretches.slice(0, 2));
    expect(within(stretches, 6, 6)).toEqual([stretches[1]]);
    expect(within(stretches, 20, 30)).toEqual([]);
    expect(within([], 0, 9)).toEqual([]);
  });

  it('belong to a step up to both its ends', () => {
    const shown = { trace: undefined as never, start: 0, end: 20, steps: () => stretches.map((s) => [s]) };
    expect([0, 4, 9, 14, 15].map((at) => stepAt(shown, at))).toEqual([0, 0, 1, 2, undefined]);
  });
});

describe('undo', () => {
  it('gives back what was done last, as far as it goes back', () => {
    const stack = new UndoStack<number>(2);
    for (const n of [1, 2, 3]) stack.push(n);
    expect([stack.pop(), stack.pop(), stack.pop()]).toEqual([3, 2, undefined]);
  });
});
