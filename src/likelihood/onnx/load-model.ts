import { dirname, join, relative, sep } from 'node:path';
import type { InferenceSession } from 'onnxruntime-common';
import type { LikelihoodModel, ModelId } from '../likelihood-model';
import { ModelFolderError } from '../model-folder-error';
import { type Encode, MAX_VOCABULARY } from '../token-trie';
import { bytesPerPosition, readKvGraph } from './kv-graph';
import { kvLimits, windowInMemory } from './kv-limits';
import { KvModel } from './kv-model';
import { probeKv } from './kv-probe';
import { checkMemory } from './memory';
import { type ModelConfig, readConfig } from './model-config';
import { dataFiles, findModelFiles, hashFiles } from './model-files';
import { openRuntime, type Runtime, type SessionOptions } from './runtime';
import { type FolderTokenizer, loadTokenizer } from './tokenizer';
import { DEFAULT_BUDGET, TreeModel, type TreeModelShape } from './tree-model';

export interface LoadOptions extends SessionOptions {
  /** A loaded build of ONNX Runtime. Default: the native one, or the other where there is none. */
  readonly runtime?: Runtime;
}

/** What both engines are made of. */
interface Parts {
  readonly id: ModelId;
  /** The graph, for messages. */
  readonly file: string;
  readonly session: InferenceSession;
  readonly config: ModelConfig;
  readonly tokenizer: FolderTokenizer;
}

/**
 * Loads the model in a folder: config.json, tokenizer.json, tokenizer_config.json and a graph with its data files. The
 * graph is our own scoring graph or one in the common Hugging Face ONNX layout; docs/models.md says which of several is
 * taken. Nothing in the folder is trusted.
 * @param path the folder, or a graph in it
 * @throws {ModelFolderError} where the folder lacks something or the runtime refuses it
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<LikelihoodModel> {
  const files = await findModelFiles(path);
  const { folder } = files;
  const config = await readConfig(folder, files.graph);
  const tokenizer = await loadTokenizer(folder).catch((error: unknown) => {
    throw new ModelFolderError(`${folder}: cannot read the tokenizer: ${message(error)}`);
  });
  const data = dataFiles(files);
  const runtime = options.runtime ?? (await openRuntime()).runtime;
  await checkMemory(folder, [files.graph, ...data], runtime.mostBytes);
  const [session, sha256] = await Promise.all([
    createSession(runtime, folder, files.graph, data, options),
    hashFiles(folder, [files.graph, ...data, 'tokenizer.json'], tokenizer.start),
  ]);
  const parts: Parts = {
    id: { name: config.name, sha256, runtime: runtime.name },
    file: join(folder, files.graph),
    session,
    config,
    tokenizer,
  };
  try {
    return isScoringGraph(session) ? treeModel(parts) : await kvModel(parts);
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function createSession(
  runtime: Runtime,
  folder: string,
  graph: string,
  data: readonly string[],
  options: SessionOptions,
): Promise<InferenceSession> {
  const file = join(folder, graph);
  try {
    const besideGraph = data.map((path) => relative(dirname(graph), path).split(sep).join('/'));
    return await runtime.open({ graph: file, data: besideGraph }, options);
  } catch (error) {
    const reason = message(error).replace(/^Unsupported data type: (\d+)$/, (_, type: string) =>
      type === '16'
        ? 'it takes or gives bfloat16, which cannot be used here; export it as float32 or float16'
        : `it takes or gives tensors of ONNX type ${type}, which cannot be used here`,
    );
    throw new ModelFolderError(`cannot load ${file}: ${reason}`);
  }
}

/** Whether it is a graph as src/models/import/scoring-graph.ts writes it. */
const isScoringGraph = ({ inputNames }: InferenceSession): boolean =>
  inputNames.includes('attention_bias') && inputNames.includes('pairs');

function treeModel({ id, file, session, config, tokenizer }: Parts): TreeModel {
  const { layers, kvHeads, headDim, window, vocabulary = MAX_VOCABULARY } = config;
  if (layers === undefined || kvHeads === undefined || headDim === undefined) {
    throw new ModelFolderError(
      `config.json does not say the shape of ${file}: num_hidden_layers, num_key_value_heads and head_dim`,
    );
  }
  const bytesPerToken = layers * 2 * kvHeads * headDim * Float32Array.BYTES_PER_ELEMENT;
  const shape: TreeModelShape = { layers, kvHeads, headDim, window: windowInMemory(bytesPerToken, window) };
  const { encode, start } = within(Math.min(vocabulary, MAX_VOCABULARY), tokenizer, file);
  return new TreeModel(id, session, shape, encode, DEFAULT_BUDGET, start, config.judges);
}

async function kvModel({ id, file, session, config, tokenizer }: Parts): Promise<KvModel> {
  const graph = readKvGraph(session, config, file);
  const { vocabulary, batches, independent } = await probeKv(session, graph, file);
  const engine = {
    session,
    graph,
    limits: kvLimits(graph, batches, vocabulary),
    window: windowInMemory(bytesPerPosition(graph), config.window),
    independent,
  };
  const { encode, start } = within(Math.min(vocabulary, MAX_VOCABULARY), tokenizer, file);
  return new KvModel(id, engine, encode, start);
}

/**
 * A tokenizer that refuses ids that the graph has no logit for, or that the token trie cannot tell apart.
 * @throws {ModelFolderError} at once where that is so of the start, else with the first such id
 */
function within(vocabulary: number, { encode, start }: FolderTokenizer, file: string) {
  const checked = (ids: readonly number[]): readonly number[] => {
    const wrong = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
    if (wrong === undefined) return ids;
    throw new ModelFolderError(
      `${file} knows ${vocabulary} tokens, but the tokenizer that belongs to it gives token ${wrong}`,
    );
  };
  return {
    encode: (...text: Parameters<Encode>) => checked(encode(...text)),
    start: checked(start),
  };
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
