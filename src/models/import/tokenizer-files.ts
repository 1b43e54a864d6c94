/** The Hugging Face tokenizer files, made from a GGUF file's own vocabulary, merges and metadata. */
export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
}

/** GGUF's token type of control tokens such as <|im_start|>. */
const CONTROL = 3;

/**
 * Byte-level BPE as GPT-2's, with every digit a token of its own (`tokenizer.ggml.pre` = `smollm`).
 * @throws where the file holds another kind of tokenizer
 */
export function tokenizerFiles(metadata: Readonly<Record<string, unknown>>): TokenizerFiles {
  const kind = `${String(metadata['tokenizer.ggml.model'])}/${String(metadata['tokenizer.ggml.pre'])}`;
  if (kind !== 'gpt2/smollm') throw new Error(`tokenizer ${kind} is not supported, only gpt2/smollm`);
  const tokens = metadata['tokenizer.ggml.tokens'] as string[];
  const types = metadata['tokenizer.ggml.token_type'] as number[];
  const merges = metadata['tokenizer.ggml.merges'] as string[];
  const token = (key: string) => tokens[Number(metadata[`tokenizer.ggml.${key}_token_id`])];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: tokens.flatMap((content, id) =>
      types[id] === CONTROL
        ? [
            {
              id,
              content,
              single_word: false,
              lstrip: false,
              rstrip: false,
              normalized: false,
              special: true,
            },
          ]
        : [],
    ),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      // Every numeral alone, ½ and ² among them. The type `Digits` would say so too, but its JavaScript version knows
      // 0 to 9 only.
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '\\p{N}' }, behavior: 'Isolated', invert: false },
        byteLevel,
      ],
    },
    post_processor: null,
    decoder: { ...byteLevel, add_prefix_space: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((content, id) => [content, id])),
      merges: merges.map((pair) => pair.split(' ')),
    },
  };
  const tokenizerConfig = {
    tokenizer_class: 'GPT2Tokenizer',
    add_prefix_space: false,
    clean_up_tokenization_spaces: false,
    model_max_length: Number(metadata['llama.context_length']),
    bos_token: token('bos'),
    eos_token: token('eos'),
    unk_token: token('unknown'),
    pad_token: token('padding'),
    chat_template: metadata['tokenizer.chat_template'],
  };
  return { tokenizer, tokenizerConfig };
}
