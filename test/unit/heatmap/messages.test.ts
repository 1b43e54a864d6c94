import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HostMessage, PageMessage } from '../../../src/heatmap/protocol';
import { parseHostMessage, parsePageMessage } from '../../../src/heatmap/validate';
import { batchOf, row } from './batches';

const settings = { threshold: -0.2, bands: [-0.5, 0, 0.5] };
const init: HostMessage = {
  type: 'init',
  generation: 1,
  title: 'a.jsonl',
  measure: { name: 'CPMI', unit: 'nats per token', detail: '' },
  settings,
  strings: { low: 'tief' },
  locale: 'de',
};
const HOST: readonly HostMessage[] = [
  init,
  { type: 'rows', generation: 1, batch: batchOf([row([0.5, -1]), row([])]) },
  {
    type: 'rows',
    generation: 1,
    batch: { ...batchOf([row([0, 0])]), rewards: Float32Array.of(1, Number.NaN) },
  },
  { type: 'rewards', generation: 1, rows: [0], rewards: [null, 0.5] },
  { type: 'failures', generation: 1, failures: [{ row: 3, reason: 'too long' }] },
  { type: 'progress', generation: 1, phase: 'scoring', done: 1, total: null, note: '' },
  { type: 'settings', settings },
  { type: 'select', generation: 1, row: 0, step: null },
  { type: 'step', generation: 1, row: 0, step: 2, text: 'x', cut: false, details: ['y'] },
  { type: 'exported', ok: true, note: 'saved' },
];
const PAGE: readonly PageMessage[] = [
  { type: 'ready' },
  { type: 'select', generation: 0, row: 2, step: 1, open: true },
  { type: 'askStep', generation: 0, row: 2, step: 1 },
  { type: 'export', kind: 'csv', name: 'a.csv', data: Uint8Array.of(1) },
  { type: 'score' },
  { type: 'cancel' },
  { type: 'problem', reason: 'oh' },
];

const broken = (change: object) => parseHostMessage({ ...init, ...change });
const brokenBatch = (change: object) =>
  parseHostMessage({ type: 'rows', generation: 1, batch: { ...batchOf([row([1, 2])]), ...change } });

describe('messages', () => {
  it.each(
    HOST.map((message) => [message.type, message] as const),
  )('takes %s from the host', (_type, message) => {
    expect(parseHostMessage(message)).toEqual({ message });
  });

  it.each(
    PAGE.map((message) => [message.type, message] as const),
  )('takes %s from the page', (_type, message) => {
    expect(parsePageMessage(message)).toEqual({ message });
  });

  it('takes no message from the wrong side', () => {
    expect(parsePageMessage(init)).toEqual({ problem: 'unknown message type "init"' });
    expect(parseHostMessage({ type: 'ready' })).toEqual({ problem: 'unknown message type "ready"' });
  });

  it('names the field that does not fit', () => {
    expect(broken({ generation: -1 })).toEqual({ problem: 'generation must be a whole number, 0 or more' });
    expect(broken({ title: 3 })).toEqual({ problem: 'title must be a string' });
    expect(broken({ measure: [] })).toEqual({ problem: 'measure must be an object' });
    expect(broken({ strings: { low: 1 } })).toEqual({ problem: 'low must be a string' });
    expect(broken({ settings: { threshold: Number.NaN, bands: [0] } })).toEqual({
      problem: 'threshold must be a number',
    });
    for (const bands of [[], [1, 1], [2, 1], new Array(13).fill(0).map((_, i) => i)]) {
      expect(broken({ settings: { threshold: 0, bands } })).toEqual({
        problem: 'bands must be 1 to 12 strictly ascending numbers',
      });
    }
    expect(brokenBatch({ rewards: [1] })).toEqual({
      problem: 'rewards must be 2 numbers, one a step; there are 1',
    });
    expect(brokenBatch({ formats: [] })).toEqual({ problem: 'formats must be as long as ids' });
    expect(brokenBatch({ outcomes: ['fine'] })).toEqual({
      problem: 'outcomes[0] is not of the kind expected',
    });
    expect(brokenBatch({ steps: [1e9] })).toEqual({ problem: 'steps[0] is not of the kind expected' });
    expect(parsePageMessage({ type: 'export', kind: 'exe', name: 'a', data: Uint8Array.of() })).toEqual({
      problem: 'kind must be one of png, svg, csv',
    });
  });

  it('takes nothing that comes by way of a prototype', () => {
    const inherited = Object.create({ type: 'ready' });
    expect(parsePageMessage(inherited)).toEqual({ problem: 'type must be a string' });
    const parsed = parseHostMessage(JSON.parse(JSON.stringify(init).replace('"low"', '"__proto__"')));
    expect('message' in parsed).toBe(true);
    expect(Object.prototype).not.toHaveProperty('tief');
  });

  it('never throws, whatever arrives', () => {
    const mutated = fc
      .tuple(fc.constantFrom<object>(...HOST, ...PAGE), fc.string(), fc.anything())
      .map(([message, key, value]) => ({ ...message, [key]: value }));
    const mutatedField = fc.constantFrom<object>(...HOST, ...PAGE).chain((message) =>
      fc
        .record({ key: fc.constantFrom(...Object.keys(message)), value: fc.anything() })
        .map(({ key, value }) => ({
          ...message,
          [key]: value,
        })),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), mutated, mutatedField), (value) => {
        for (const parsed of [parseHostMessage(value), parsePageMessage(value)]) {
          expect('message' in parsed || parsed.problem.length > 0).toBe(true);
        }
      }),
    );
  });
});
