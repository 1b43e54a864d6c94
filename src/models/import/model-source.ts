import type { LlamaConfig, LlamaWeights } from './llama';
import type { JsonFiles } from './tokenizer-json';

/** A model that is to be imported: what it is, and its weights until they are closed. */
export interface ModelSource {
  /** As the file names itself, or is named. */
  readonly name: string;
  /** The family, in Hugging Face's name of it (`model_type`). */
  readonly family: string;
  readonly config: LlamaConfig;
  /** Positions that the model was made for; `config` may have fewer, see `notes`. */
  readonly madeFor: number;
  readonly weights: LlamaWeights;
  /** The tokenizer's files by name. */
  readonly tokenizer: JsonFiles;
  /** Special tokens' ids, as config.json has them, where they are known. */
  readonly tokens: { readonly bos_token_id?: number; readonly eos_token_id?: number };
  /** As the file says it, perhaps an SPDX identifier. */
  readonly licence?: string;
  /** What is told to the user. */
  readonly notes: readonly string[];
  close(): void;
}

/**
 * A sliding window is honoured by leaving out what lies beyond it: texts of up to that many tokens are scored exactly as
 * by the model, longer ones are too long.
 */
export function windowWithin(
  madeFor: number,
  sliding: number | undefined,
): { window: number; notes: string[] } {
  if (sliding === undefined || sliding >= madeFor) return { window: madeFor, notes: [] };
  return {
    window: sliding,
    notes: [
      `its attention slides over ${sliding} tokens: that is the window, of ${madeFor} positions it was made for`,
    ],
  };
}
