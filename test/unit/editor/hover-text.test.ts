import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Estimator } from '../../../src/cpmi/settings';
import { asTarget, commandLink } from '../../../src/editor/commands';
import { HOVER_COMMANDS, hoverText } from '../../../src/editor/hover/hover-text';
import { codeSpan, escapeMarkdown } from '../../../src/editor/hover/markdown';
import { MOST_NUMBERS, trendOf, trendSvg } from '../../../src/editor/hover/trend';
import { scoredWith, traceOf } from './traces';

/** Text that a hostile trace may hold: everything that Markdown, HTML or VS Code could take for more than text. */
const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '](command:workbench.action.terminal.new)',
  '[click](command:steplens.explainRewards)',
  '![x](https://example.org/x.png)',
  '`` ` `` $(error) | a | b |',
  '\u202Egnp.exe\u2066',
  'https://example.org/steal',
  '\n\n# heading\n\n| a | b |\n|--|--|',
  '&lt;b&gt; <!-- --> \u0000\u001b[31m',
];

/** What stands outside of code spans: of a line, by the rules of Markdown. */
function outsideCode(markdown: string): string {
  let rest = markdown;
  let outside = '';
  for (let open = /(?<!\\)`+/.exec(rest); open; open = /(?<!\\)`+/.exec(rest)) {
    const [fence] = open;
    outside += rest.slice(0, open.index);
    const after = rest.slice(open.index + fence.length);
    const close = new RegExp(`(?<!\`)${fence}(?!\`)`).exec(after);
    if (!close) return outside + rest.slice(open.index);
    rest = after.slice(close.index + fence.length);
  }
  return outside + rest;
}

describe('codeSpan', () => {
  it('keeps any text inside of one code span on one line', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('`', 'a', '|', '\\', '\n', ' ', '[', '<') }),
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(text, (value) => {
        const span = codeSpan(value);
        expect(span).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(outsideCode(`x ${span} y`)).toBe('x  y');
        // A bar would part a table's cells even in a code span.
        expect(span).not.toContain('|');
      }),
      { numRuns: 500 },
    );
  });

  it('shows characters that reorder text as what they are', () => {
    expect(codeSpan('a\u202Eb')).toBe('`a\\u202eb`');
  });

  it('cuts long text', () => {
    expect(codeSpan('x'.repeat(1_000_000), 32).length).toBeLessThan(40);
  });
});

describe('escapeMarkdown', () => {
  it('leaves no character that could begin markup', () => {
    for (const text of HOSTILE) {
      expect(escapeMarkdown(text).replace(/\\[\s\S]/g, '')).not.toMatch(/[`*_[\]()<>!|#$&:@.]/);
    }
    expect(escapeMarkdown('www.example.org')).not.toMatch(/www/);
  });
});

describe('a hover', () => {
  const input = {
    step: 0,
    target: { uri: 'file:///a', trace: 0, step: 0 },
    threshold: -0.2,
    theme: 'dark',
  } as const;

  it('says what the reward is made of', async () => {
    const trace = await traceOf({ steps: ['a', 'b'], answer: '33' });
    trace.setScored(scoredWith(trace, [-0.42, 0.1]));
    trace.humanLabels = new Map([
      [0, { label: 'neutral', who: 'ada', when: '2026-01-02T03:04:05Z', reward: -0.4 }],
    ]);
    const text = hoverText({ ...input, trace });
    expect(text).toMatch(/^\*\*Step 1 of 2 · reward −0\.42\*\* ▼ low · gold answer 50 % → 25 %/);
    expect(text).toContain('| gold answer `33` | −0.42 |');
    expect(text).toContain('| wrong `7`, gold answer changed | 0.00 |');
    expect(text).toContain('Label: **neutral**, by ada');
    expect(text).toContain('A\\-Model\\_1 (abababab) · lasting, K = 1, M = 4');
    expect(text).toContain('data:image/svg+xml;base64,');
  });

  it('says which answer was scored where there is no gold answer, and each warning', async () => {
    const trace = await traceOf({ steps: ['a. The answer is: 4'] });
    trace.setScored(scoredWith(trace, [0.1], { goldSource: 'final', warnings: ['no gold answer: own'] }));
    const text = hoverText({ ...input, trace });
    expect(text).toContain("the trace's own answer (no gold answer)");
    expect(text).toContain('⚠ no gold answer\\: own');
  });

  it('offers to score what is not scored, and says why it could not be', async () => {
    const trace = await traceOf({ steps: ['a'] });
    expect(hoverText({ ...input, trace })).toContain(
      'Not scored. [Score this trace](command:steplens.scoreTrace',
    );
    trace.state = { kind: 'failed', reason: 'too [long](x)' };
    expect(hoverText({ ...input, trace })).toContain('Not scored: too \\[long\\]\\(x\\)');
  });

  it('has no link but its own, whatever stands in the trace', async () => {
    for (const evil of HOSTILE) {
      const trace = await traceOf({ id: evil, question: evil, steps: [evil, evil], answer: evil });
      const negatives = [{ text: evil, origin: 'sibling' as const }];
      trace.setScored(
        scoredWith(trace, [-1, 1], {
          negatives,
          warnings: [evil],
          goldAnswer: evil,
          model: { name: evil, sha256: 'ab' },
        }),
      );
      trace.humanLabels = new Map([[0, { label: 'correct', who: evil, when: evil, reward: null }]]);
      const outside = outsideCode(hoverText({ ...input, trace })).replace(/\\[\s\S]/g, '');
      const links = [...outside.matchAll(/\]\(([^)]*)\)/g)].map(([, link = '']) => link);
      expect(links.length).toBe(6);
      for (const link of links) {
        const own = HOVER_COMMANDS.some((command) => link.startsWith(`command:${command}?`));
        expect(own || link.startsWith('data:image/svg+xml;base64,'), link).toBe(true);
      }
      expect(outside).not.toMatch(/<(?!0\.1)|https?:|\$\(/);
    }
  });
});

describe('commandLink', () => {
  it('gives a link that no text in its arguments can end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (uri, trace) => {
        const link = commandLink('steplens.openStep', { uri, trace });
        expect(link).toMatch(/^command:steplens\.openStep\?[\w%.-]*$/);
        const [read] = JSON.parse(decodeURIComponent(link.slice(link.indexOf('?') + 1)));
        expect(asTarget(read)).toEqual({ uri, trace });
      }),
    );
  });

  it('takes nothing for a target that is none', () => {
    for (const value of [
      undefined,
      null,
      'x',
      {},
      { uri: 1, trace: 0 },
      { uri: 'x', trace: -1 },
      { uri: 'x', trace: 0.5 },
    ]) {
      expect(asTarget(value)).toBeUndefined();
    }
  });
});

describe('the trend', () => {
  it('is one line where steps go on from each other, and a stroke a step where they stand alone', async () => {
    const trace = await traceOf({ steps: ['a', 'b'] });
    const scored = scoredWith(trace, [0.25, -0.5]);
    const change = { before: 0.5, after: 0.25 };
    const of = (estimator: Estimator) => trendOf({ ...scored, settings: { ...scored.settings, estimator } });
    expect(of('incremental')).toEqual({ changes: [change, change], share: true, joined: true });
    expect(of('marginal')).toEqual({ changes: [change, change], share: true, joined: false });
    const strokes = (estimator: Estimator) =>
      /<path d="([^"]*)"/.exec(trendSvg(of(estimator), 0, 'dark'))?.[1]?.match(/M/g)?.length;
    expect([strokes('incremental'), strokes('marginal')]).toEqual([1, 2]);
  });

  it('sums the rewards where there is no wrong answer', async () => {
    const trace = await traceOf({ steps: ['a', 'b'] });
    const scored = scoredWith(trace, [0.25, -0.5]);
    const steps = scored.steps.map((step) => ({ ...step, goldShare: null }));
    expect(trendOf({ ...scored, steps }).changes).toEqual([
      { before: 0, after: 0.25 },
      { before: 0.25, after: -0.25 },
    ]);
  });

  it('is coloured by the direction of the step itself', () => {
    const trend = {
      changes: [
        { before: 0.2, after: 0.9 },
        { before: 0.9, after: 0.3 },
      ],
      share: true,
      joined: true,
    };
    expect(trendSvg(trend, 0, 'dark')).toContain('#55b0ff');
    expect(trendSvg(trend, 1, 'dark')).toContain('#ff9f45');
  });

  it('is a small well-formed picture for any number of steps', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const changes = fc.array(fc.record({ before: share, after: share }), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(changes, fc.nat(3000), fc.boolean(), fc.boolean(), (all, step, isShare, joined) => {
        const svg = trendSvg({ changes: all, share: isShare, joined }, step % all.length, 'light');
        expect(svg.length).toBeLessThan(12_000);
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        const opened = svg.match(/<\w[^>]*(?<!\/)>/g)?.map((tag) => /\w+/.exec(tag)?.[0]);
        expect(opened?.sort()).toEqual(
          svg
            .match(/<\/\w+/g)
            ?.map((tag) => tag.slice(2))
            .sort(),
        );
        // Few enough numbers below not to touch, this step's among them.
        const numbers = svg.match(/text-anchor="middle"/g)?.length ?? 0;
        expect(numbers).toBeLessThanOrEqual(MOST_NUMBERS + 1);
        expect(svg).toContain(`font-weight="bold">${(step % all.length) + 1}</text>`);
      }),
      { numRuns: 30 },
    );
  });
});
