import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECOGNITION } from '../../../src/editor/reading/protocol';
import { checkTerms, recognise } from '../../../src/editor/reading/recognise';
import type { ReadingTerms } from '../../../src/editor/reading/terms';
import { cutFirst } from '../../../src/editor/splitting/preview';
import { readAll } from '../trajectory/support';

const odd = { name: 'odd.jsonl', text: '{"ask": "How many?", "chain": ["Two.", "Three."], "n": "5"}\n' };
const known = {
  name: 'known.jsonl',
  text: '{"question": "How many?", "steps": ["Two.", "Three."], "answer": "5"}\n',
};
const mapping = { question: '$.ask', steps: '$.chain' };

const found = async (
  source: { name: string; text: string },
  terms: Partial<ReadingTerms>,
  sure = RECOGNITION,
) => recognise(source, await checkTerms({ split: 'given', ...terms }), sure);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steplens-terms-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('recognising a file by what the settings say', () => {
  it('reads a file of no known format by a mapping that fits it, and no other', async () => {
    expect(await found(odd, {})).toBeNull();
    const mapped = await found(odd, { fields: { mapping, always: false } });
    expect(mapped?.format.id).toBe('fields');
    expect(mapped?.options.fields).toEqual({ question: '$.ask', steps: '$.chain' });
    expect(await found(odd, { fields: { mapping: { steps: '$.other' }, always: true } })).toBeNull();
    expect(
      await found({ name: 'package.json', text: '{"name": "x"}' }, { fields: { mapping, always: false } }),
    ).toBeNull();
  });

  it('leaves a file of a known format alone unless the mapping names it', async () => {
    const fields = { mapping: { steps: '$.steps' }, always: false };
    expect((await found(known, { fields }))?.format.id).toBe('normalised');
    expect((await found(known, { fields: { ...fields, always: true } }))?.format.id).toBe('fields');
  });

  it('joins right answers of another file, and reads that again when it has changed', async () => {
    const gold = join(folder, 'gold.jsonl');
    await writeFile(gold, '{"question": "How many?", "answer": "5"}\n');
    const terms = { fields: { mapping, always: false }, gold };
    const read = async () => {
      const recognised = await found(odd, terms);
      const { trajectories } = await readAll(odd, recognised?.options);
      return trajectories[0]?.goldAnswer?.text;
    };
    expect(await read()).toBe('5');
    await writeFile(gold, '{"question": "How many?", "answer": "1234"}\n');
    expect(await read()).toBe('1234');
  });

  it('tells what cannot be used, and goes on without it', async () => {
    const checked = await checkTerms({
      split: 'pattern:(',
      fields: { mapping: { steps: '$.a[' }, always: false },
      gold: join(folder, 'missing'),
    });
    expect(checked.options).toEqual({});
    expect(checked.fields).toBeUndefined();
    expect(checked.faults.map((fault) => fault.split(':')[0])).toEqual([
      ...['steplens.split', 'steplens.fields', 'steplens.gold'],
    ]);
  });
});

describe('the preview of a splitting', () => {
  it('cuts the first trace as it would be read, and says what is wrong', async () => {
    const source = {
      ...known,
      text: 'broken\n{"question": "Q", "steps": ["One. Two; three."], "answer": "5"}\n',
    };
    const cut = (split: string) => cutFirst(source, {}, split);
    expect(await cut('given')).toMatchObject({ steps: ['One. Two; three.'] });
    expect(await cut('sentence')).toMatchObject({ steps: ['One.', 'Two; three.'] });
    expect(await cut('pattern:; ')).toMatchObject({ steps: ['One. Two', 'three.'] });
    expect(await cut('pattern:(')).toHaveProperty('fault');
    expect(await cut('nothing')).toHaveProperty('fault');
    expect(await cutFirst({ ...source, text: 'x\ny\n' }, { format: 'normalised' }, 'given')).toHaveProperty(
      'fault',
    );
  });
});
