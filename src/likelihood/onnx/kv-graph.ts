import type { InferenceSession } from 'onnxruntime-common';
import { ModelFolderError } from '../model-folder-error';
import type { ModelConfig } from './model-config';

/** Types of cache and logits that can be read; bfloat16 has no counterpart in ONNX Runtime's JavaScript interface. */
export type FloatType = 'float32' | 'float16';
export type IntegerType = 'int64' | 'int32';

/** One of the cache's tensors, [batch, heads, positions, dim]; there is one for the keys and one for the values of a layer. */
export interface CacheSlot {
  readonly past: string;
  readonly present: string;
  readonly heads: number;
  readonly dim: number;
}

/** The inputs and outputs of a graph in the Hugging Face layout. */
export interface KvGraph {
  readonly slots: readonly CacheSlot[];
  readonly cacheType: FloatType;
  readonly logitsType: FloatType;
  /** Integer inputs that the graph has, and their type. */
  readonly integers: Readonly<Record<IntegerInput, IntegerType | undefined>>;
  /** Query heads, for an estimate of memory. */
  readonly heads: number;
  /** Length of a row of logits, where the graph says it. */
  readonly vocabulary: number | undefined;
}

/** `num_logits_to_keep` (a scalar) asks for the logits of the last tokens only. */
const INTEGER_INPUTS = ['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'] as const;
export type IntegerInput = (typeof INTEGER_INPUTS)[number];

const PAST = /^past_key_values\.(\d{1,4})\.(key|value)$/;

type Metadata = readonly InferenceSession.ValueMetadata[];

/**
 * Reads what a graph takes and gives.
 * @throws {ModelFolderError} where it is no causal language model with a cache; the message names what it lacks, or what
 * it wants that is not known
 */
export function readKvGraph(
  { inputMetadata, outputMetadata }: { inputMetadata: Metadata; outputMetadata: Metadata },
  config: ModelConfig,
  file: string,
): KvGraph {
  const names = (all: Metadata) => new Set(all.map(({ name }) => name));
  const [inputs, outputs] = [names(inputMetadata), names(outputMetadata)];
  const pasts = [...inputs].filter((name) => PAST.test(name));
  const presentOf = (past: string) => past.replace('past_key_values', 'present');
  const lacking = [
    ...['input_ids', 'attention_mask'].filter((name) => !inputs.has(name)).map((n) => `input ${n}`),
    ...(pasts.length === 0 ? ['inputs past_key_values.0.key, past_key_values.0.value and so on'] : []),
    ...(outputs.has('logits') ? [] : ['output logits']),
    ...(pasts.length === 0 && !outputs.has('present.0.key') ? ['outputs present.0.key and so on'] : []),
    ...pasts
      .map(presentOf)
      .filter((name) => !outputs.has(name))
      .slice(0, 3)
      .map((n) => `output ${n}`),
  ];
  if (lacking.length > 0) {
    throw new ModelFolderError(
      `${file} is neither a scoring graph of ours (inputs attention_bias and pairs) nor a causal language model with a ` +
        `key-value cache: for that it lacks ${lacking.join(', ')}`,
    );
  }
  const known = new Set<string>([...INTEGER_INPUTS, ...pasts]);
  const unknown = [...inputs].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ModelFolderError(`${file} wants inputs that are not known: ${unknown.slice(0, 5).join(', ')}`);
  }

  const read = new TensorReader(inputMetadata, file);
  const slots = pasts.map((past): CacheSlot => {
    const [, heads, positions, dim] = read.shape(past, 4);
    if (typeof positions === 'number') {
      throw new ModelFolderError(`${file}: ${past} has room for ${positions} positions, no more and no less`);
    }
    return {
      past,
      present: presentOf(past),
      heads: read.size(past, heads, config.kvHeads, 'num_key_value_heads'),
      dim: read.size(past, dim, config.headDim, 'head_dim'),
    };
  });
  const logits = new TensorReader(outputMetadata, file);
  const vocabulary = logits.shape('logits', 3)[2];
  return {
    slots,
    cacheType: read.float(pasts),
    logitsType: logits.float(['logits']),
    integers: Object.fromEntries(
      INTEGER_INPUTS.map((name) => [name, inputs.has(name) ? read.integer(name) : undefined]),
    ) as Record<IntegerInput, IntegerType | undefined>,
    heads: config.heads ?? Math.max(...slots.map((slot) => slot.heads)),
    vocabulary: typeof vocabulary === 'number' ? vocabulary : undefined,
  };
}

/** Bytes of one position's keys and values. */
export function bytesPerPosition({ slots, cacheType }: KvGraph): number {
  const bytes = cacheType === 'float16' ? 2 : 4;
  return slots.reduce((sum, { heads, dim }) => sum + heads * dim * bytes, 0);
}

/** The largest size of one dimension that is believed. */
const MAX_SIZE = 65_536;

/** Looks tensors up by name, and says of which file a mistake is. */
class TensorReader {
  constructor(
    private readonly metadata: Metadata,
    private readonly file: string,
  ) {}

  shape(name: string, rank: number): readonly (number | string)[] {
    const { shape } = this.tensor(name);
    if (shape.length === rank) return shape;
    throw new ModelFolderError(`${this.file}: ${name} has ${shape.length} dimensions instead of ${rank}`);
  }

  /** A dimension that is fixed: by the graph where it says a number, else by config.json. */
  size(
    name: string,
    dimension: number | string | undefined,
    config: number | undefined,
    key: string,
  ): number {
    const size = typeof dimension === 'number' ? dimension : config;
    if (size !== undefined && size > 0 && size <= MAX_SIZE) return size;
    throw new ModelFolderError(
      size === undefined
        ? `${this.file}: neither ${name} nor config.json says ${key}`
        : `${this.file}: ${name} has an impossible size, ${size}`,
    );
  }

  /** The one type of all these tensors. */
  float(names: readonly string[]): FloatType {
    const types = new Set(names.map((name) => this.tensor(name).type));
    const [type] = types;
    if (types.size === 1 && (type === 'float32' || type === 'float16')) return type;
    throw new ModelFolderError(
      `${this.file}: ${names[0]} is of type ${[...types].join(' and ')}; only float32 and float16 can be used`,
    );
  }

  integer(name: string): IntegerType {
    const { type } = this.tensor(name);
    if (type === 'int64' || type === 'int32') return type;
    throw new ModelFolderError(`${this.file}: ${name} is of type ${type}, not int64`);
  }

  private tensor(name: string): InferenceSession.TensorValueMetadata {
    const found = this.metadata.find((value) => value.name === name);
    if (found?.isTensor) return found;
    throw new ModelFolderError(`${this.file}: ${name} is no tensor`);
  }
}
