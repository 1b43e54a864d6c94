import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastingContexts } from '../../../src/cpmi/lasting';
import type { StepContexts } from '../../../src/cpmi/plan';

/** Contexts of a trace: the question, and after each step it, and what was observed where something was. */
const traces = fc.array(fc.record({ lead: fc.integer(), observed: fc.option(fc.integer()) })).map((steps) => {
  const leads = [0];
  const pairs: StepContexts[] = [];
  for (const { lead, observed } of steps) {
    pairs.push({ before: leads.length - 1, after: leads.length });
    leads.push(lead);
    if (observed !== null) leads.push(observed);
  }
  return { leads, pairs };
});

describe('lasting contexts', () => {
  it('are the best up to the step and from it on', () => {
    fc.assert(
      fc.property(traces, ({ leads, pairs }) => {
        const found = lastingContexts(pairs, leads);
        for (const [i, { before, after }] of found.entries()) {
          const [from, to] = [pairs[i]?.before ?? 0, pairs[i]?.after ?? 0];
          expect(before).toBeLessThanOrEqual(from);
          expect(after).toBeGreaterThanOrEqual(to);
          expect(leads[before ?? -1]).toBe(Math.max(...leads.slice(0, from + 1)));
          expect(leads[after]).toBe(Math.max(...leads.slice(to)));
        }
      }),
    );
  });

  it('never let a later step gain more than an earlier one', () => {
    fc.assert(
      fc.property(traces, ({ leads, pairs }) => {
        const gains = lastingContexts(pairs, leads).map(
          ({ before, after }) => (leads[after] ?? 0) - (leads[before ?? 0] ?? 0),
        );
        expect(gains).toEqual([...gains].sort((a, b) => b - a));
      }),
    );
  });
});
