import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import type { LikelihoodModel } from '../likelihood-model';
import { ModelFolderError } from '../model-folder-error';
import { loadTokenizer } from './tokenizer';
import { TreeModel } from './tree-model';

export interface LoadOptions {
  /** Threads of one operator. Default: ONNX Runtime's choice, the physical cores. */
  readonly threads?: number;
}

/**
 * Loads the model in a folder: config.json, tokenizer.json, tokenizer_config.json and model.onnx with its data files.
 * @throws {ModelFolderError} where the folder lacks something or the runtime refuses it
 */
export async function loadModel(folder: string, options: LoadOptions = {}): Promise<LikelihoodModel> {
  const config = await readConfig(folder);
  const tokenizer = await loadTokenizer(folder).catch((error: unknown) => {
    throw new ModelFolderError(`${folder}: cannot read the tokenizer: ${message(error)}`);
  });
  const [session, sha256] = await Promise.all([
    InferenceSession.create(join(folder, 'model.onnx'), {
      intraOpNumThreads: options.threads ?? 0,
      logSeverityLevel: 3, // errors only: warnings about graph optimisation are of no use to a reader
    }).catch((error: unknown) => {
      throw new ModelFolderError(`${folder}: cannot load model.onnx: ${message(error)}`);
    }),
    hashFolder(folder),
  ]);
  const shape = {
    layers: config.num_hidden_layers,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    window: config.max_position_embeddings,
  };
  return new TreeModel({ name: config.name, sha256 }, session, shape, tokenizer.encode);
}

async function readConfig(folder: string) {
  const text = await readFile(join(folder, 'config.json'), 'utf8').catch(() => {
    throw new ModelFolderError(`${folder} is no model folder: it has no config.json`);
  });
  let config: Record<string, unknown>;
  try {
    config = JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new ModelFolderError(`${folder}: config.json is not JSON: ${message(error)}`);
  }
  const positive = (key: string): number => {
    const value = config[key];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
    throw new ModelFolderError(`${folder}: config.json has no whole number ${key}`);
  };
  const own = (config.steplens ?? {}) as { name?: unknown };
  return {
    name: typeof own.name === 'string' ? own.name : 'model',
    num_hidden_layers: positive('num_hidden_layers'),
    num_key_value_heads: positive('num_key_value_heads'),
    head_dim: positive('head_dim'),
    max_position_embeddings: positive('max_position_embeddings'),
  };
}

/** SHA-256 over everything that decides a score: graph, weights and tokenizer, in the order of their names. */
async function hashFolder(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) =>
    /\.(onnx|bin|onnx_data|data)$|^tokenizer\.json$/.test(name),
  );
  const hash = createHash('sha256');
  for (const name of names.sort()) {
    hash.update(`${name}\n`);
    for await (const chunk of createReadStream(join(folder, name), { highWaterMark: 2 ** 20 }))
      hash.update(chunk);
  }
  return hash.digest('hex');
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
