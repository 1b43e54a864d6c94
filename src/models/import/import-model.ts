import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { modelsFolder } from '../home';
import { isModelName } from '../names';
import { type ModelRecord, readRecord, writeRecord } from '../record';
import { ModelImportError } from './import-error';
import type { LlamaConfig } from './llama';
import type { ModelSource } from './model-source';
import { OnnxGraph, type Written } from './onnx-graph';
import { openSource } from './open-source';
import { PRECISIONS } from './precision/index';
import type { ImportPrecision } from './precision/names';
import { scoringGraph } from './scoring-graph';

export interface ImportOptions {
  /** The folder to make, which must not exist. Default: one of the storage folder, by the model's name. */
  readonly out?: string;
  readonly precision: ImportPrecision;
  /** How the model is called. Default: the name of the file or folder, and the precision. */
  readonly name?: string;
  /** Of the storage folder. Default: the user's. */
  readonly home?: string;
  readonly signal?: AbortSignal;
  /** Called with the bytes of weights that are written and that there are. */
  readonly onProgress?: (written: Written) => void;
}

export interface Imported {
  readonly folder: string;
  readonly name: string;
  readonly family: string;
  /** Bytes of weights. */
  readonly bytes: number;
  /** Tokens that context and target may have together. */
  readonly window: number;
  readonly notes: readonly string[];
}

/** A data file is not begun anew before it would exceed this. */
const DATA_FILE_BYTES = 2 ** 30;
/** Graph, tokenizer and file system want some room besides the weights. */
const SPARE_BYTES = 64 * 2 ** 20;

/**
 * Makes a model folder with our scoring graph out of a GGUF file or a safetensors folder. Weights are read, converted and
 * written piece by piece. The folder appears whole or not at all.
 * @throws {ModelImportError} where the model cannot be imported, the folder is there already or the disk is too full
 * @throws {DOMException} `AbortError` when the signal fires
 */
export async function importModel(path: string, options: ImportOptions): Promise<Imported> {
  const source = await openSource(path);
  let folder: string | undefined;
  try {
    const name = options.name ?? defaultName(source.name, options.precision);
    const out = resolve(options.out ?? inStorage(name, options.home));
    if (existsSync(out)) {
      throw new ModelImportError(`${out} is there already; choose another name or remove it`);
    }
    const parent = dirname(out);
    checkBlocks(source.config, options.precision);
    await mkdir(parent, { recursive: true });
    folder = await mkdtemp(join(parent, `.${basename(out)}-`));
    const graph = new OnnxGraph(folder, 'model', DATA_FILE_BYTES);
    const { weights } = source;
    scoringGraph(weights, PRECISIONS[options.precision](), graph);
    const { bytes } = graph;
    await checkSpace(parent, bytes);
    for (const written of graph.writing()) {
      options.onProgress?.(written);
      await new Promise(setImmediate); // so that a cancel is heard
      options.signal?.throwIfAborted();
    }
    for (const [file, text] of Object.entries(source.tokenizer)) await writeFile(join(folder, file), text);
    const config = `${JSON.stringify(configJson(source, name, options.precision), null, 2)}\n`;
    await writeFile(join(folder, 'config.json'), config);
    await writeRecord(folder, await recordOf(path, source));
    await chmod(folder, 0o755); // a temporary folder is its maker's alone
    await rename(folder, out);
    const { family, notes } = source;
    return { folder: out, name, family, bytes, window: source.config.max_position_embeddings, notes };
  } catch (error) {
    if (folder) await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    source.close();
  }
}

/** As a name of the storage folder: a version after `@` says how a download is stored, which the import is not. */
function defaultName(source: string, precision: ImportPrecision): string {
  const clean = source.replace(/@.*$/, '').replace(/[^A-Za-z0-9._-]+/g, '-');
  return `${clean.replace(/^[^A-Za-z0-9_]+/, '').slice(0, 80) || 'model'}-${precision}`;
}

/** @throws {ModelImportError} where it can be no name */
function inStorage(name: string, home: string | undefined): string {
  if (isModelName(name)) return join(modelsFolder(home), name);
  throw new ModelImportError(`${name} can be no model's name: it takes letters, digits, dots and dashes`);
}

/** What is known of the source: what was written down when it was downloaded, or what its file says. */
async function recordOf(path: string, { licence }: ModelSource): Promise<ModelRecord> {
  const folder = statSync(path).isDirectory() ? path : dirname(path);
  const known = await readRecord(folder);
  const added = new Date().toISOString();
  if (known) return { ...known, added, files: [] };
  return { source: resolve(path), added, files: [], ...(licence === undefined ? {} : { licence }) };
}

function configJson(source: ModelSource, name: string, precision: ImportPrecision): object {
  return {
    model_type: source.family,
    ...source.config,
    hidden_act: 'silu',
    tie_word_embeddings: source.weights.head() === undefined,
    ...source.tokens,
    steplens: { name, graph: 'tree', precision, made_for: source.madeFor },
  };
}

/** @throws {ModelImportError} where a matrix does not divide into blocks */
function checkBlocks(config: LlamaConfig, precision: ImportPrecision): void {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const widths = [hidden, config.num_attention_heads * config.head_dim, inner];
  const odd = precision === 'q8' || precision === 'q4' ? widths.find((width) => width % 32 !== 0) : undefined;
  if (odd === undefined) return;
  throw new ModelImportError(
    `${precision} keeps weights in blocks of 32, and ${odd} is no multiple of it; try int8`,
  );
}

/** @throws {ModelImportError} where the disk has less room than the weights take */
async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free > bytes + SPARE_BYTES) return;
  throw new ModelImportError(
    `the model takes ${gigabytes(bytes)}, and ${folder} has ${gigabytes(free)} free`,
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
