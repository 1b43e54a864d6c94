/** A part of tokenizer.json: an object with a `type`, some of them with others inside. */
type Part = Readonly<Record<string, unknown>>;

/**
 * tokenizer.json without the blank that SentencePiece-style tokenizers put before a text. We tokenise a text in pieces
 * and join their ids; a blank at the start of every piece would stand in the middle of the text, after line breaks,
 * where the model has never seen one.
 *
 * Three parts add it: the normalizer `Prepend`, the pre-tokenizer `Metaspace` (`prepend_scheme`) and the pre-tokenizer
 * `ByteLevel` (`add_prefix_space`).
 */
export function withoutPrefixSpace(tokenizer: object): object {
  const { normalizer, pre_tokenizer: preTokenizer } = tokenizer as Part;
  return {
    ...tokenizer,
    normalizer: withoutPrepend(normalizer),
    pre_tokenizer: withoutPrefix(preTokenizer),
  };
}

function withoutPrepend(part: unknown): unknown {
  if (!isPart(part)) return part;
  if (part.type === 'Prepend') return null;
  if (!Array.isArray(part.normalizers)) return part;
  return { ...part, normalizers: part.normalizers.map(withoutPrepend).filter((n) => n !== null) };
}

function withoutPrefix(part: unknown): unknown {
  if (!isPart(part)) return part;
  if (part.type === 'Metaspace') return { ...part, add_prefix_space: false, prepend_scheme: 'never' };
  if (part.type === 'ByteLevel') return { ...part, add_prefix_space: false };
  if (!Array.isArray(part.pretokenizers)) return part;
  return { ...part, pretokenizers: part.pretokenizers.map(withoutPrefix) };
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
