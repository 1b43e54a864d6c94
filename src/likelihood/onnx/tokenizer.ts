import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Frame } from '../likelihood-model';
import type { Encode } from '../token-trie';
import { chatFrame, readChatTemplate } from './chat-frame';
import { withoutPrefixSpace } from './prefix-space';
import { readJsonObject } from './read-json';

/** The tokenizer of a model folder in the Hugging Face layout. */
export interface FolderTokenizer {
  /**
   * Ids of a piece of text, without special tokens and without a blank of the tokenizer's own before it; or of one side of
   * the chat frame, with the special tokens in it. Throws a ModelFolderError where there is no chat template.
   */
  readonly encode: Encode;
  /** What the model wants to see before every text: its BOS token, or nothing. */
  readonly start: readonly number[];
  decode(ids: readonly number[]): string;
}

/** The largest tokenizers known, of a quarter of a million tokens, have about 35 MB. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Reads tokenizer.json and, where there is one, tokenizer_config.json.
 * @throws where tokenizer.json is missing or of a kind that is not known
 */
export async function loadTokenizer(folder: string): Promise<FolderTokenizer> {
  const json = await readJsonObject(join(folder, 'tokenizer.json'), MAX_BYTES);
  const config = await readJsonObject(join(folder, 'tokenizer_config.json'), MAX_BYTES).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return {};
      throw error;
    },
  );
  const plain = withoutPrefixSpace(json);
  const tokenizer = new Tokenizer(plain, config);
  const start = startTokens(tokenizer, config);
  const template = await readChatTemplate(folder, config);
  const framed = (side: Frame): readonly number[] => {
    const whole = chatFrame(template, specialTokens(config))[side];
    const ids = tokenizer.encode(whole, { add_special_tokens: false }).ids;
    // The start stands before every text already.
    const again = side === 'before' && start.length > 0 && start.every((id, i) => ids[i] === id);
    return again ? ids.slice(start.length) : ids;
  };
  const text = textEncoder(tokenizer, plain, config);
  return {
    encode: (piece, frame) => (frame ? framed(frame) : text(piece)),
    start,
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: false }),
  };
}

/** Encodes text in which what spells a special token is text: by a tokenizer that has none, where there is such a piece. */
function textEncoder(
  tokenizer: Tokenizer,
  json: object,
  config: object,
): (piece: string) => readonly number[] {
  const { added_tokens: added } = json as { added_tokens?: unknown };
  const tokens: readonly { content?: unknown; special?: unknown }[] = Array.isArray(added) ? added : [];
  const special = tokens.flatMap((token) => (token?.special === true ? [String(token.content)] : []));
  let without: Tokenizer | undefined;
  return (piece) => {
    let used = tokenizer;
    if (special.some((content) => piece.includes(content))) {
      without ??= new Tokenizer({ ...json, added_tokens: tokens.filter((t) => t?.special !== true) }, config);
      used = without;
    }
    return used.encode(piece, { add_special_tokens: false }).ids;
  };
}

/** `bos_token` and its like, as chat templates want to see them. */
function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      const content = key.endsWith('_token') ? tokenContent(value) : undefined;
      return content === undefined ? [] : [[key, content]];
    }),
  );
}

/**
 * `add_bos_token` of tokenizer_config.json decides where it is given, as it does for the tokenizer classes that know it;
 * else whatever the tokenizer's post-processor puts before a text.
 */
function startTokens(tokenizer: Tokenizer, config: Readonly<Record<string, unknown>>): number[] {
  if (config.add_bos_token === false) return [];
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const whole = tokenizer.encode('a', { add_special_tokens: true }).ids;
  const at = whole.findIndex((_, from) => bare.every((id, i) => whole[from + i] === id));
  if (at > 0) return whole.slice(0, at);
  if (config.add_bos_token !== true) return [];
  const bos = tokenContent(config.bos_token);
  const id = bos === undefined ? undefined : tokenizer.token_to_id(bos);
  if (id === undefined)
    throw new Error('tokenizer_config.json wants a BOS token that the tokenizer does not have');
  return [id];
}

/** A special token's text: written as it is, or as an object with flags. */
function tokenContent(token: unknown): string | undefined {
  if (typeof token === 'string') return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? content : undefined;
}
