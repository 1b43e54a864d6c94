import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { ggufTokenizer } from '../../../src/models/import/gguf-tokenizer';

/** Trained on a few lines, with the ids that the tokenizers and sentencepiece packages give (tokenizers_reference.py). */
const { texts, tokenizers } = JSON.parse(readFileSync('test/fixtures/models/tokenizers.json', 'utf8')) as {
  texts: string[];
  tokenizers: Record<string, { metadata: Record<string, unknown>; ids: number[][] }>;
};

const folder = mkdtempSync(join(tmpdir(), 'steplens-tokenizer-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function tokenizerOf(metadata: Record<string, unknown>) {
  for (const [name, text] of Object.entries(ggufTokenizer(metadata, 100)))
    writeFileSync(join(folder, name), text);
  return loadTokenizer(folder);
}

describe("a GGUF file's tokenizer", () => {
  it.each(Object.keys(tokenizers))('gives the ids of the one it was made from: %s', async (name) => {
    const { metadata, ids } = tokenizers[name] ?? { metadata: {}, ids: [] };
    const tokenizer = await tokenizerOf(metadata);
    expect(texts.map((text) => tokenizer.encode(text))).toEqual(ids);
  });

  it.each([
    ['llama', [1]],
    ['llama-bpe', [0]],
    ['qwen2', []],
  ])('starts texts as the model wants it: %s', async (name, start) => {
    const tokenizer = await tokenizerOf(tokenizers[name]?.metadata ?? {});
    expect(tokenizer.start).toEqual(start);
  });

  it('leaves the start out where the file says so', async () => {
    const metadata = { ...tokenizers.llama?.metadata, 'tokenizer.ggml.add_bos_token': false };
    expect((await tokenizerOf(metadata)).start).toEqual([]);
  });

  it('refuses a kind that it does not know by name', () => {
    const metadata = { ...tokenizers.qwen2?.metadata, 'tokenizer.ggml.pre': 'falcon' };
    expect(() => ggufTokenizer(metadata, 100)).toThrow(/gpt2\/falcon/);
  });
});
