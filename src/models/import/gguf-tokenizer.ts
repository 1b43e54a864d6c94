import type { Metadata } from './gguf-file';
import { ModelImportError } from './import-error';
import { scoredMerges } from './scored-merges';
import type { JsonFiles } from './tokenizer-json';

/** GGUF's token types: control tokens such as <|im_start|>, and others that are never split. */
const [CONTROL, USER_DEFINED] = [3, 4];

const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

/** How a byte-level BPE splits a text before it merges, by `tokenizer.ggml.pre`. */
interface Splitting {
  /** A regular expression whose matches are taken apart. */
  readonly split: string;
  /** Whether GPT-2's own expression splits further. */
  readonly gpt2?: boolean;
  readonly composed?: boolean;
  /** Whether a piece that is a token is taken as it is. */
  readonly ignoreMerges?: boolean;
  /** Whether texts begin with BOS where the file does not say. */
  readonly bos?: boolean;
}

const split = (words: string, digits: string, ends: string): string =>
  `${words}|${digits}| ?[^\\s\\p{L}\\p{N}]+${ends}|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const [UPPER, LOWER] = ['[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]', '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'];
const CASES = `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*`;

// Every numeral alone, ½ and ² among them. The type `Digits` would say so too, but its JavaScript version knows 0 to 9
// only.
const SMOLLM: Splitting = { split: '\\p{N}', gpt2: true };
const QWEN2: Splitting = { split: split(CONTRACTIONS, '\\p{N}', '[\\r\\n]*'), composed: true };
const LLAMA3: Splitting = {
  split: split(CONTRACTIONS, '\\p{N}{1,3}', '[\\r\\n]*'),
  ignoreMerges: true,
  bos: true,
};
const TEKKEN: Splitting = {
  split: split(CASES, '\\p{N}', '[\\r\\n/]*'),
  ignoreMerges: true,
  bos: true,
};

const SPLITTINGS: Readonly<Record<string, Splitting>> = {
  smollm: SMOLLM,
  qwen2: QWEN2,
  'deepseek-r1-qwen': QWEN2,
  llama3: LLAMA3,
  'llama-v3': LLAMA3,
  'llama-bpe': LLAMA3,
  tekken: TEKKEN,
};

/**
 * The Hugging Face tokenizer files, made from a GGUF file's own vocabulary, merges and metadata.
 * @throws {ModelImportError} where the file holds a kind of tokenizer that is not known
 */
export function ggufTokenizer(metadata: Metadata, window: number): JsonFiles {
  const model = String(metadata['tokenizer.ggml.model']);
  const pre = String(metadata['tokenizer.ggml.pre'] ?? 'default');
  const tokens = list(metadata, 'tokens').map(String);
  const types = list(metadata, 'token_type');
  const splitting = Object.hasOwn(SPLITTINGS, pre) ? SPLITTINGS[pre] : undefined;
  const byteLevel = model === 'gpt2' && splitting !== undefined;
  if (!byteLevel && model !== 'llama') {
    throw new ModelImportError(
      `its tokenizer is ${model}/${pre}; what is known is llama, and gpt2 with ${Object.keys(SPLITTINGS).join(', ')}`,
    );
  }
  const addedTokens = tokens.flatMap((content, id) =>
    types[id] === CONTROL || types[id] === USER_DEFINED
      ? [
          {
            id,
            content,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: types[id] === CONTROL,
          },
        ]
      : [],
  );
  const parts = byteLevel ? byteLevelParts(metadata, splitting) : sentencePieceParts(metadata, tokens);
  const { unk_token, fuse_unk, byte_fallback, ignore_merges, merges, ...outside } = parts;
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    ...outside,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk,
      byte_fallback,
      ignore_merges,
      vocab: Object.fromEntries(tokens.map((content, id) => [content, id])),
      merges,
    },
  };
  const bos = metadata['tokenizer.ggml.add_bos_token'] ?? (byteLevel ? splitting.bos : true);
  const token = (key: string) => tokens[Number(metadata[`tokenizer.ggml.${key}_token_id`])];
  const config = {
    tokenizer_class: byteLevel ? 'GPT2Tokenizer' : 'LlamaTokenizer',
    add_prefix_space: false,
    clean_up_tokenization_spaces: false,
    model_max_length: window,
    ...(bos === true ? { add_bos_token: true } : {}),
    bos_token: token('bos'),
    eos_token: token('eos'),
    unk_token: token('unknown'),
    pad_token: token('padding'),
    chat_template: metadata['tokenizer.chat_template'],
  };
  return {
    'tokenizer.json': `${JSON.stringify(tokenizer)}\n`,
    'tokenizer_config.json': `${JSON.stringify(config, null, 2)}\n`,
  };
}

/** The parts of tokenizer.json that differ from one kind to another; those of `model` are told apart by name. */
interface Parts {
  readonly normalizer: object | null;
  readonly pre_tokenizer: object | null;
  readonly post_processor: null;
  readonly decoder: object;
  readonly unk_token: string | null;
  readonly fuse_unk: boolean;
  readonly byte_fallback: boolean;
  readonly ignore_merges: boolean;
  readonly merges: readonly (readonly string[])[];
}

/** Byte-level BPE as GPT-2's, with a splitting of its own before it. */
function byteLevelParts(
  metadata: Metadata,
  { split: pattern, gpt2, composed, ignoreMerges }: Splitting,
): Parts {
  return {
    normalizer: composed ? { type: 'NFC' } : null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
        { ...BYTE_LEVEL, use_regex: gpt2 ?? false },
      ],
    },
    post_processor: null,
    decoder: { ...BYTE_LEVEL, add_prefix_space: true },
    unk_token: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: ignoreMerges ?? false,
    merges: list(metadata, 'merges').map((pair) => String(pair).split(' ')),
  };
}

/** BPE as SentencePiece trains it: blanks are ▁, unknown characters their bytes, and scores say what merges first. */
function sentencePieceParts(metadata: Metadata, tokens: readonly string[]): Parts {
  const blank = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  const prefix = metadata['tokenizer.ggml.add_space_prefix'] !== false;
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [...(prefix ? [{ type: 'Prepend', prepend: '▁' }] : []), blank],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    unk_token: tokens[Number(metadata['tokenizer.ggml.unknown_token_id'] ?? 0)] ?? null,
    fuse_unk: true,
    byte_fallback: true,
    ignore_merges: false,
    merges: scoredMerges(tokens, list(metadata, 'scores').map(Number)),
  };
}

function list(metadata: Metadata, key: string): readonly unknown[] {
  const value = metadata[`tokenizer.ggml.${key}`];
  if (Array.isArray(value)) return value;
  throw new ModelImportError(`the GGUF metadata has no tokenizer.ggml.${key}`);
}
