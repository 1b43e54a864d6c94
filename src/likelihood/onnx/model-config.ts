import { basename, join } from 'node:path';
import { ModelFolderError } from '../model-folder-error';
import { readJsonObject } from './read-json';

/**
 * What is needed of config.json, with Hugging Face's defaults: as many key-value heads as heads, and heads that share the
 * hidden size. Undefined is what the file does not say, in the names of Llama's family or of GPT-2's.
 */
export interface ModelConfig {
  /** For people: printable, at most 100 characters. */
  readonly name: string;
  /** Positions that the model was made for. */
  readonly window: number;
  readonly layers: number | undefined;
  /** Query heads. */
  readonly heads: number | undefined;
  readonly kvHeads: number | undefined;
  readonly headDim: number | undefined;
  /** Trained to judge steps, as our own folders say of a graph. */
  readonly judges: boolean;
  /** Rows of the embeddings. */
  readonly vocabulary: number | undefined;
}

/** config.json files have a few kilobytes; those with a label for every class somewhat more. */
const MAX_BYTES = 4 * 2 ** 20;
const MAX_NAME = 100;
/**
 * Far above any model there is, and small enough that no product of them leaves the exact integers: the numbers of a
 * hostile file size buffers.
 */
const MOST = { layers: 4096, heads: 65_536, width: 2 ** 24, window: 2 ** 24 } as const;

/**
 * @param graph file name of the graph: what our own folders say of it goes before what they say of themselves
 * @throws {ModelFolderError} where config.json is missing, no JSON, or lacks a number or has an impossible one
 */
export async function readConfig(folder: string, graph: string): Promise<ModelConfig> {
  const config = await readJsonObject(join(folder, 'config.json'), MAX_BYTES).catch(
    (error: NodeJS.ErrnoException) => {
      throw new ModelFolderError(
        error.code === undefined
          ? `${folder}: ${error.message}`
          : `${folder} is no model folder: it has no config.json`,
      );
    },
  );
  const whole = (keys: readonly string[], most: number): number | undefined => {
    const key = keys.find((k) => config[k] !== undefined && config[k] !== null);
    if (key === undefined) return undefined;
    const value = config[key];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most) return value;
    throw new ModelFolderError(
      `${folder}: config.json: ${key} is ${short(value)}, not a whole number from 1 to ${most}`,
    );
  };
  const window = whole(['max_position_embeddings', 'n_positions'], MOST.window);
  if (window === undefined) {
    throw new ModelFolderError(`${folder}: config.json has no whole number max_position_embeddings`);
  }
  const heads = whole(['num_attention_heads', 'n_head'], MOST.heads);
  const width = whole(['hidden_size', 'n_embd'], MOST.width);
  const own = ownWords(config, graph);
  return {
    name: modelName(own.name, config, folder),
    window,
    vocabulary: whole(['vocab_size'], MOST.width),
    layers: whole(['num_hidden_layers', 'n_layer'], MOST.layers),
    heads,
    kvHeads: whole(['num_key_value_heads'], MOST.heads) ?? heads,
    headDim:
      whole(['head_dim'], MOST.width) ??
      (width && heads ? Math.floor(width / heads) || undefined : undefined),
    judges: own.judges === true,
  };
}

/** What our own folders say of the model under `steplens`, and under `steplens.graphs` of one of several graphs. */
interface OwnWords {
  readonly name?: unknown;
  readonly judges?: unknown;
  readonly graphs?: Readonly<Record<string, OwnWords | undefined>> | null;
}

function ownWords({ steplens }: Readonly<Record<string, unknown>>, graph: string): OwnWords {
  if (typeof steplens !== 'object' || steplens === null) return {};
  const { graphs, ...words } = steplens as OwnWords;
  const ofGraph = Object.entries(graphs ?? {}).find(([name]) => name === basename(graph))?.[1];
  return { ...words, ...ofGraph };
}

/** Our own folders' name; else the repository that the model came from, as its config says; else the folder's name. */
function modelName(own: unknown, config: Readonly<Record<string, unknown>>, folder: string): string {
  const candidates = [own, repository(config._name_or_path), basename(folder)];
  for (const name of candidates) {
    const clean = typeof name === 'string' ? printable(name) : '';
    if (clean) return clean;
  }
  return 'model';
}

/** `owner/name`, or the last part of a path: where the exporter's disk had the model is nobody's business. */
function repository(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  const parts = name
    .slice(0, 4096)
    .split(/[/\\]/)
    .filter((part) => !/^(\.{0,2}|~)$/.test(part));
  const isPath = /^[./\\~]|^[A-Za-z]:/.test(name) || parts.length > 2;
  return isPath ? parts.at(-1) : parts.join('/');
}

/** Without control characters, invisible ones and those that turn the direction of text around. */
function printable(name: string): string {
  const clean = name
    .slice(0, 4096)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return [...clean].slice(0, MAX_NAME).join('');
}

const short = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 40);
