import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BLOCK_TYPES } from '../../../src/models/import/gguf-blocks';

/** What the Python package `gguf` makes of random blocks of each type (test/bench/models/reference.py). */
const GOLDEN = JSON.parse(readFileSync('test/fixtures/models/gguf-blocks.json', 'utf8')) as Record<
  string,
  { bytes: string; floats: string }
>;

describe('GGUF blocks', () => {
  it.each(Object.entries(GOLDEN))('%s are read as the gguf package reads them', (name, { bytes, floats }) => {
    const found = BLOCK_TYPES[name]?.read(Buffer.from(bytes, 'base64'));
    const expected = new Float32Array(Uint8Array.from(Buffer.from(floats, 'base64')).buffer);
    expect(found?.length).toBe(expected.length);
    // Products are rounded once here and more often there.
    expected.forEach((value, i) => {
      expect(Math.abs((found?.[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(
        1e-6 * Math.max(1, Math.abs(value)),
      );
    });
  });

  it('covers every type but plain floats', () => {
    expect(Object.keys(GOLDEN).sort()).toEqual(
      Object.keys(BLOCK_TYPES)
        .filter((name) => name !== 'F32')
        .sort(),
    );
  });
});
