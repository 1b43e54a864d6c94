import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Encode } from '../token-trie';

/** The tokenizer of a model folder in the Hugging Face layout. */
export interface FolderTokenizer {
  readonly encode: Encode;
  decode(ids: readonly number[]): string;
}

/** @throws where tokenizer.json is missing or of a kind that is not known */
export async function loadTokenizer(folder: string): Promise<FolderTokenizer> {
  const read = async (name: string): Promise<object> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'));
  const tokenizer = new Tokenizer(await read('tokenizer.json'), await read('tokenizer_config.json'));
  return {
    encode: (piece) => tokenizer.encode(piece, { add_special_tokens: false }).ids,
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: false }),
  };
}
