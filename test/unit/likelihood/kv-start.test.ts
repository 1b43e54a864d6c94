import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ContextTooLongError } from '../../../src/likelihood/likelihood-model';
import { ModelFolderError } from '../../../src/likelihood/model-folder-error';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { withoutPrefixSpace } from '../../../src/likelihood/onnx/prefix-space';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { buildTrie } from '../../../src/likelihood/token-trie';
import { largestDifference, textOf } from '../../support/separate';
import { writeTinyHf } from '../../support/tiny-hf';
import { tinyTokenizer, writeTinyModel } from '../../support/tiny-llama';

const BOS = '<s>';
const special = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
const withBos = { ...tinyTokenizer(), added_tokens: [{ id: 1, content: BOS, ...special }] };
/** As Llama 3's: what is put around a text. */
const template = {
  type: 'Sequence',
  processors: [
    { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: BOS, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [],
      special_tokens: { [BOS]: { id: BOS, ids: [1], tokens: [BOS] } },
    },
  ],
};

const folders: string[] = [];
const keep = (folder: string): string => {
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

interface Files {
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

/** A folder of our own graph with other tokenizer files. */
function writeTree({ tokenizer, tokenizerConfig }: Files): string {
  const folder = keep(writeTinyModel());
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizerConfig));
  return folder;
}
const writeKv = (files: Files): string => keep(writeTinyHf(files));

describe('the tokens that every context starts with', () => {
  const startOf = async (tokenizer: object, tokenizerConfig: object): Promise<readonly number[]> =>
    (await loadTokenizer(writeTree({ tokenizer, tokenizerConfig }))).start;

  it('are none where nothing asks for any', async () => {
    expect(await startOf(tinyTokenizer(), {})).toEqual([]);
    expect(await startOf(withBos, { bos_token: BOS })).toEqual([]);
  });

  it('are the BOS token where tokenizer_config.json says so, however it writes it', async () => {
    expect(await startOf(withBos, { add_bos_token: true, bos_token: BOS })).toEqual([1]);
    expect(await startOf(withBos, { add_bos_token: true, bos_token: { content: BOS } })).toEqual([1]);
  });

  it('are what the post-processor puts before a text, unless tokenizer_config.json forbids it', async () => {
    const processed = { ...withBos, post_processor: template };
    expect(await startOf(processed, {})).toEqual([1]);
    expect(await startOf(processed, { add_bos_token: true, bos_token: BOS })).toEqual([1]);
    expect(await startOf(processed, { add_bos_token: false, bos_token: BOS })).toEqual([]);
  });

  it('must exist', async () => {
    for (const bos of [undefined, null, 7, '<none>']) {
      const folder = writeTree({
        tokenizer: withBos,
        tokenizerConfig: { add_bos_token: true, bos_token: bos },
      });
      await expect(loadModel(folder)).rejects.toThrow(ModelFolderError);
      await expect(loadModel(folder)).rejects.toThrow(/wants a BOS token that the tokenizer does not have/);
    }
  });
});

describe.each([
  { engine: 'our own graph', write: writeTree },
  { engine: 'a graph in the Hugging Face layout', write: writeKv },
])('a model that wants BOS: $engine', ({ write }) => {
  it('gets it once, before every context', async () => {
    // Text that spells a special token is text, so here it is an added one of the other kind.
    const added = { ...tinyTokenizer(), added_tokens: [{ id: 1, content: BOS, ...special, special: false }] };
    const plain = await loadModel(write({ tokenizer: added, tokenizerConfig: {} }));
    const starting = await loadModel(
      write({ tokenizer: withBos, tokenizerConfig: { add_bos_token: true, bos_token: BOS } }),
    );
    const contexts = [['abc'], ['abc', ' def'], ['xyz']];
    const ask = (pieces: readonly string[]) =>
      ['12', '1f'].map((target) => ({ context: textOf(pieces), target }));
    const { likelihoods, work } = await starting.score(contexts.flatMap(ask));
    const byHand = await plain.score(contexts.map((pieces) => [BOS, ...pieces]).flatMap(ask));
    expect(largestDifference(likelihoods, byHand.likelihoods)).toBe(0);
    expect(work).toEqual(byHand.work);
    expect(work.computedPositions).toBe(1 + 7 + 3 + 3);

    const without = await plain.score(contexts.flatMap(ask));
    expect(largestDifference(likelihoods, without.likelihoods)).toBeGreaterThan(0.01);
    expect(starting.id.sha256).not.toBe(plain.id.sha256);
    await Promise.all([plain.dispose(), starting.dispose()]);
  });

  it('has a window that the start counts in, and keeps it where a context is cut', async () => {
    const model = await loadModel(
      write({ tokenizer: { ...withBos, post_processor: template }, tokenizerConfig: {} }),
    );
    const ask = (length: number) => [
      { context: { piece: 'abcdefgh'.repeat(40).slice(0, length) }, target: 'ab' },
    ];
    await expect(model.score(ask(253))).resolves.toBeDefined();
    await expect(model.score(ask(254))).rejects.toThrow(ContextTooLongError);
    const cut = await model.score(ask(254), { overflow: 'cut-left' });
    expect(cut.likelihoods[0]?.cut).toBe(128);
    const same = await model.score(ask(254 - 128));
    expect(largestDifference(cut.likelihoods, same.likelihoods)).toBeLessThan(5e-5);
    await model.dispose();
  });
});

describe('a trie with a start', () => {
  const encode = (piece: string): number[] => [...piece].map((c) => c.charCodeAt(0));
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 12 });

  it('is the trie of the contexts with the start before them, within the window', () => {
    const requests = fc.array(fc.record({ context: word.map((piece) => ({ piece })), target: word }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(requests, word, (list, start) => {
        const started = buildTrie(list, encode, 100, 'error', encode(start));
        const prefixed = list.map(({ context, target }) => ({
          context: { piece: start + context.piece },
          target,
        }));
        expect(started).toEqual(buildTrie(prefixed, encode, 100));
      }),
    );
  });

  it('begins with it after a cut, and stays within the window', () => {
    fc.assert(
      fc.property(word, word, fc.integer({ min: 30, max: 40 }), (context, target, window) => {
        const long = { piece: context.repeat(8) };
        const trie = buildTrie([{ context: long, target }], encode, window, 'cut-left', [7]);
        expect(trie.token[0]).toBe(7);
        expect(trie.token.filter((token) => token === 7).length).toBe(1);
        expect(Math.max(...trie.depth) + 2).toBeLessThanOrEqual(window);
        const kept = long.piece.slice(trie.paths[0]?.cut ?? 0) + target.slice(0, -1);
        expect(String.fromCharCode(...trie.token.slice(1))).toBe(kept);
      }),
    );
  });

  it('predicts from the start alone where a context is empty', () => {
    const { paths, token } = buildTrie([{ context: { piece: '' }, target: 'ab' }], encode, 10, 'error', [7]);
    expect(paths[0]?.predictors).toEqual([0, 1]);
    expect(token).toEqual([7, 97]);
  });
});

describe('the blank that a tokenizer puts before a text', () => {
  /** Letters and ▁, one token each. */
  const vocab = Object.fromEntries(['▁', ...'abcdefgh'].map((letter, id) => [letter, id]));
  const tokenizer = {
    ...tinyTokenizer(),
    pre_tokenizer: null,
    model: { type: 'BPE', dropout: null, unk_token: null, vocab, merges: [] },
  };
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false };
  const bytes = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: false };

  it.each([
    [{ normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, replace] } }],
    [{ normalizer: replace, pre_tokenizer: metaspace }],
    [{ normalizer: replace, pre_tokenizer: { type: 'Sequence', pretokenizers: [metaspace] } }],
  ])('is left out, so that pieces join as the text they are: %#', async (parts) => {
    const folder = writeTree({ tokenizer: { ...tokenizer, ...parts }, tokenizerConfig: {} });
    const { encode } = await loadTokenizer(folder);
    expect(encode('ab')).toEqual([1, 2]);
    expect(encode(' ab')).toEqual([0, 1, 2]);
    expect([...encode('ab c'), ...encode('d')]).toEqual(encode('ab cd'));
  });

  it('is left out of byte-level tokenizers too, and nothing else is changed', async () => {
    const folder = writeTree({
      tokenizer: { ...tinyTokenizer(), pre_tokenizer: bytes },
      tokenizerConfig: {},
    });
    expect((await loadTokenizer(folder)).encode('ab')).toEqual([97, 98]);
    expect(withoutPrefixSpace(tinyTokenizer())).toEqual(tinyTokenizer());
    const lone = { normalizer: { type: 'Prepend', prepend: '▁' }, pre_tokenizer: null };
    expect(withoutPrefixSpace(lone)).toEqual({ normalizer: null, pre_tokenizer: null });
  });
});
