import { mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onnx } from 'onnx-proto';
import type { LlamaConfig } from '../../src/models/import/llama';
import { type HfGraphOptions, writeHfGraph } from './hf-graph';
import { TINY, tinyTokenizer, tinyWeights } from './tiny-llama';

export interface TinyHfOptions extends HfGraphOptions {
  /** The model's shape. Default: TINY. */
  readonly shape?: LlamaConfig;
  /** Where the graph stands in the folder. Default: onnx/model.onnx. */
  readonly file?: string;
  /** Fields over those of config.json; undefined takes one away. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tokenizer?: object;
  readonly tokenizerConfig?: object;
}

/** A model folder in the Hugging Face ONNX layout, in a temporary place: the tiny Llama's weights and tokenizer. */
export function writeTinyHf(options: TinyHfOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-hf-'));
  writeHfFile(join(folder, options.file ?? 'onnx/model.onnx'), options);
  const json = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  json('config.json', {
    ...(options.shape ?? TINY),
    model_type: 'llama',
    _name_or_path: 'tiny/hf',
    ...options.config,
  });
  json('tokenizer.json', options.tokenizer ?? tinyTokenizer());
  json('tokenizer_config.json', options.tokenizerConfig ?? { tokenizer_class: 'PreTrainedTokenizerFast' });
  return folder;
}

/** Writes the tiny Llama as one graph file, its weights beside it in `<file>_data` as Hugging Face's exports name them. */
export function writeHfFile(file: string, options: TinyHfOptions = {}): void {
  const name = basename(file, '.onnx');
  mkdirSync(dirname(file), { recursive: true });
  writeHfGraph(tinyWeights(options.shape ?? TINY), dirname(file), name, options);
  renameSync(join(dirname(file), `${name}.0.bin`), `${file}_data`);
  relocateData(file, `${name}.onnx_data`);
}

/** Makes all external data of a graph point at `location`, which need not exist, nor be harmless. */
export function relocateData(file: string, location: string): void {
  const model = onnx.ModelProto.decode(readFileSync(file));
  for (const tensor of model.graph?.initializer ?? []) {
    for (const entry of tensor.externalData ?? []) if (entry.key === 'location') entry.value = location;
  }
  writeFileSync(file, onnx.ModelProto.encode(model).finish());
}
