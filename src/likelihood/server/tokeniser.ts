import * as v from 'valibot';
import { loadTokenizer } from '../onnx/tokenizer';
import { shaped } from './dialects/shape';
import { ServerError } from './errors';
import { exchange, type Peer } from './http';

/** Turns pieces of text into token ids, without special tokens. */
export interface Tokeniser {
  /** Where it comes from, for people. */
  readonly source: string;
  encode(piece: string, signal?: AbortSignal): Promise<readonly number[]>;
  /** What the model wants to see before every text. */
  readonly start: readonly number[];
}

/** A way to ask a server for token ids. */
interface Route {
  readonly path: string;
  body(piece: string, special: boolean, model: string): object;
  /** Whether the server's own start tokens come whether asked for or not. */
  readonly alwaysStarts: boolean;
}

const Tokens = v.object({ tokens: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))) });

const OPENAI: Route = {
  path: '/tokenize',
  body: (prompt, special, model) => ({ model, prompt, add_special_tokens: special }),
  alwaysStarts: false,
};
const SGLANG: Route = { ...OPENAI, path: '/v1/tokenize' };
const LLAMA_CPP: Route = {
  path: '/tokenize',
  // A trace's text is text, whatever it looks like.
  body: (content, special) => ({ content, add_special: special, parse_special: false }),
  alwaysStarts: false,
};
const LLAMA_CPP_PYTHON: Route = {
  path: '/extras/tokenize',
  body: (input, _, model) => ({ model, input }),
  alwaysStarts: true,
};
/** Those of vLLM and SGLang, SGLang by its newer name, llama.cpp, llama-cpp-python. */
const ROUTES: readonly Route[] = [OPENAI, SGLANG, LLAMA_CPP, LLAMA_CPP_PYTHON];

/** Pieces are asked for once: traces share templates, and steps come back in one context after another. */
const MAX_KNOWN = 50_000;

/**
 * The server's own tokeniser; undefined where it does not offer one.
 * @throws {ServerError} where it puts something before each piece, which would stand in the middle of a text
 */
export async function serverTokeniser(
  peer: Peer,
  model: string,
  signal?: AbortSignal,
): Promise<Tokeniser | undefined> {
  for (const route of ROUTES) {
    const ask = async (piece: string, special: boolean, stop?: AbortSignal) =>
      shaped(Tokens, await exchange(peer, route.path, route.body(piece, special, model), stop)).tokens;
    const bare = await ask('a', false, signal).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      return undefined;
    });
    if (!bare?.length) continue;
    const start = route.alwaysStarts
      ? await ask('', true, signal)
      : startOf(bare, await ask('a', true, signal));
    const encode = async (piece: string, stop?: AbortSignal) => {
      const ids = await ask(piece, false, stop);
      return route.alwaysStarts ? ids.slice(start.length) : ids;
    };
    await refusePrefix(peer, encode, signal);
    return { source: `${route.path} of the server`, encode: remembered(encode), start };
  }
  return undefined;
}

/** The tokenizer of a folder in the Hugging Face layout. @throws {ServerError} where it cannot be read */
export async function folderTokeniser(folder: string): Promise<Tokeniser> {
  try {
    const { encode, start } = await loadTokenizer(folder);
    return { source: `tokenizer.json in ${folder}`, encode: async (piece) => encode(piece), start };
  } catch (error) {
    throw new ServerError(`${folder}: cannot read the tokenizer: ${(error as Error).message}`);
  }
}

function startOf(bare: readonly number[], whole: readonly number[]): readonly number[] {
  const at = whole.findIndex((_, from) => bare.every((id, i) => whole[from + i] === id));
  return whole.slice(0, Math.max(0, at));
}

/** SentencePiece's tokenisers put a blank before a text; before a piece in the middle of one it would be wrong. */
async function refusePrefix(
  { root }: Peer,
  encode: (piece: string, signal?: AbortSignal) => Promise<readonly number[]>,
  signal?: AbortSignal,
): Promise<void> {
  const [first, second, both] = await Promise.all(['2\n', 'a', '2\na'].map((piece) => encode(piece, signal)));
  if (`${[...(first ?? []), ...(second ?? [])]}` === `${both}`) return;
  throw new ServerError(
    `${root}: the server's tokeniser puts a blank before each piece of a text; give the folder of the model's tokenizer.json (--server-tokenizer, steplens.model.server.tokenizer)`,
  );
}

function remembered(encode: Tokeniser['encode']): Tokeniser['encode'] {
  const known = new Map<string, Promise<readonly number[]>>();
  return (piece, signal) => {
    let ids = known.get(piece);
    if (!ids) {
      if (known.size >= MAX_KNOWN) known.clear();
      ids = encode(piece, signal);
      known.set(piece, ids);
      ids.catch(() => known.delete(piece));
    }
    return ids;
  };
}
