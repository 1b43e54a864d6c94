import { describe, expect, it } from 'vitest';
import { faultOf, mappingOf, preview, proposalFor } from '../../../src/editor/map-fields/preview';

const record = { userPrompt: 'How many?', chain: [{ t: 'one' }, { t: 'two' }], expected: '7' };
const source = { text: `broken\n${JSON.stringify(record)}\n`, name: 'a.jsonl' };

describe('mapping the fields of a file', () => {
  it('proposes by the first good record, and previews the first trace', async () => {
    const proposal = await proposalFor(source);
    expect(proposal?.mapping).toEqual({
      question: '$.userPrompt',
      steps: '$.chain[*].t',
      answer: '$.expected',
    });
    if (!proposal) return;
    const mapping = mappingOf(new Map([['steps', '$.chain[*].t']]), proposal);
    const read = await preview(source, mapping);
    expect('trajectory' in read && read.trajectory.steps.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  it('says why no trace can be read, and what is wrong with a path', async () => {
    expect(await preview(source, { steps: '$.nothing' })).toMatchObject({ problem: { line: 1 } });
    expect(await preview({ text: '', name: 'a.jsonl' }, { steps: '$.a' })).toHaveProperty('problem');
    expect(await proposalFor({ text: 'just words', name: 'a.txt' })).toBeUndefined();
    expect(faultOf('answer', '$.a[')).toMatch(/answer: \$\.a\[ is no JSONPath/);
    expect(faultOf('answer', '$.a')).toBeUndefined();
  });

  it('keeps the place of the records, and asks for steps', async () => {
    const proposal = await proposalFor({
      text: JSON.stringify({ data: [{ question: 'Q?', cot: ['a b', 'c d'] }] }),
    });
    expect(proposal?.mapping?.records).toBe('$.data[*]');
    if (!proposal) return;
    expect(mappingOf(new Map([['steps', '$.cot']]), proposal)).toEqual({
      records: '$.data[*]',
      steps: '$.cot',
    });
    expect(() => mappingOf(new Map(), proposal)).toThrow(/steps/);
  });
});
