import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellSentence, plainLabel, rewardText, type Wording } from '../../../src/heatmap/describe';
import { heatmapHtml } from '../../../src/heatmap/html';
import { numbersFor } from '../../../src/heatmap/numbers';
import { fill, HEATMAP_STRINGS, withStrings } from '../../../src/heatmap/strings';
import { DEFAULT_VIEW_STATE, parseViewState } from '../../../src/heatmap/view-state';
import { row, storeOf } from './batches';

const wording: Wording = {
  strings: withStrings({}),
  numbers: numbersFor('en'),
  measure: { name: 'CPMI', unit: 'nats per token', detail: '' },
  threshold: -0.2,
};

describe('heatmapHtml', () => {
  const parts = {
    cspSource: 'https://webview.test',
    nonce: 'abc123',
    scriptUri: 'https://webview.test/heatmap.js?a=1&b="2"',
    styleUri: 'https://webview.test/heatmap.css',
    strings: { title: '<Title>', loading: 'Wait & see' },
    locale: 'en',
  };
  const html = heatmapHtml(parts);

  it('lets nothing load but its own script and style', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toBe(
      "default-src 'none'; script-src 'nonce-abc123'; style-src https://webview.test; base-uri 'none'; form-action 'none'",
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="abc123" src=');
    expect(html).not.toMatch(/unsafe|style=|\son\w+=/);
  });

  it('escapes what it is given', () => {
    expect(html).toContain('<title>&#60;Title&#62;</title>');
    expect(html).toContain('Wait &#38; see');
    expect(html).toContain('heatmap.js?a=1&#38;b=&#34;2&#34;"');
  });
});

describe('strings', () => {
  it('falls back to English key by key and takes no others', () => {
    const strings = withStrings({
      low: 'tief',
      surprise: 'x',
      __proto__: { title: 'no' } as unknown as string,
    });
    expect(strings.low).toBe('tief');
    expect(strings.title).toBe(HEATMAP_STRINGS.title);
    expect(Object.keys(strings)).toEqual(Object.keys(HEATMAP_STRINGS));
  });

  it('fills places once and in any order', () => {
    expect(fill('{1} of {0}, {0}', 12, '{1}')).toBe('{1} of 12, 12');
    expect(fill('{0} {5}', '$&')).toBe('$& {5}');
  });
});

describe('numbersFor', () => {
  it('writes numbers as the language does', () => {
    expect([0.424, -0.425, 0].map(numbersFor('en').reward)).toEqual(['+0.42', '\u22120.43', '0.00']);
    expect(numbersFor('de').reward(-0.5)).toBe('\u22120,50');
    expect(numbersFor('en').edge(Math.fround(0.05))).toBe('+0.05');
    expect(numbersFor('en').count(100_000)).toBe('100,000');
    expect(numbersFor('not a language!').reward(1)).toBe('+1.00');
    expect(numbersFor('').count(1)).toBe('1');
  });
});

describe('describe', () => {
  const store = storeOf([
    row([-0.5, Number.NaN], { id: 'evil\u202e\n', outcome: 'wrong' }),
    row([Number.NaN]),
    row([], { id: 'empty' }),
  ]);

  it('says a cell in one sentence', () => {
    expect(cellSentence(wording, store, 0, 0)).toBe(
      'evil\ufffd\ufffd, step 1 of 2, reward \u22120.50 nats per token, low, Wrong answer',
    );
    expect(cellSentence(wording, store, 2, 0)).toBe('empty, no steps, Unknown outcome');
    expect(rewardText(wording, store, 0, 1)).toBe('no reward');
    expect(rewardText(wording, store, 1, 0)).toBe('not scored yet');
    store.fail(1, 'too long');
    expect(rewardText(wording, store, 1, 0)).toBe('could not be scored: too long');
  });

  it('leaves nothing in a label that could disguise it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(plainLabel(id)).not.toMatch(
          /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/u,
        );
        expect(Array.from(plainLabel(id))).toHaveLength(Array.from(id).length);
      }),
    );
    expect(plainLabel('gsm8k-12 日本 😀')).toBe('gsm8k-12 日本 😀');
  });
});

describe('parseViewState', () => {
  it('gives back what was stored', () => {
    const state = {
      ...DEFAULT_VIEW_STATE,
      text: 'x',
      outcome: 'wrong',
      sort: 'mean',
      columns: 'fraction',
      rowSize: 'overview',
      selected: { id: 'a', step: 2 },
    } as const;
    expect(parseViewState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('takes defaults for whatever does not fit, and never throws', () => {
    expect(parseViewState(undefined)).toEqual(DEFAULT_VIEW_STATE);
    expect(parseViewState({ sort: 'colour', lowOnly: 1, selected: { id: 3 }, outcome: 'any' })).toEqual(
      DEFAULT_VIEW_STATE,
    );
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(Object.keys(parseViewState(value))).toEqual(Object.keys(DEFAULT_VIEW_STATE));
      }),
    );
  });
});
