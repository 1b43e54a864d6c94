import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep, win32 } from 'node:path';
import { ModelFolderError } from '../model-folder-error';
import { type OnnxFile, readOnnxFile } from './onnx-file';

/**
 * Which of several graphs in a folder is taken: the more exact one. 4-bit weights come before 8-bit ones because graphs
 * called int8, uint8 or quantized usually round their activations too, with one scale for a whole run. In them a score
 * depends on what is scored beside it, so no work can be shared (see kv-probe.ts).
 */
export const GRAPH_NAMES = [
  'model.onnx',
  'model_fp16.onnx',
  'model_q4.onnx',
  'model_q4f16.onnx',
  'model_bnb4.onnx',
  'model_int8.onnx',
  'model_uint8.onnx',
  'model_quantized.onnx',
] as const;
/** Domains whose operators ONNX Runtime has by itself. */
const DOMAINS: ReadonlySet<string> = new Set([
  '',
  'ai.onnx',
  'ai.onnx.ml',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.ms.internal.nhwc',
]);
/** Where graphs stand in a model folder, the likelier place first. */
const PLACES = ['', 'onnx'] as const;

/** The files of a model folder that are used. */
export interface ModelFiles {
  /** Holds config.json and the tokenizer's files. */
  readonly folder: string;
  /** The graph, relative to the folder. */
  readonly graph: string;
}

/**
 * @param path a model folder, or one graph in it: beside config.json or in a folder beside that
 * @throws {ModelFolderError} where there is no graph, or several and no rule which to take
 */
export async function findModelFiles(path: string): Promise<ModelFiles> {
  if (path.endsWith('.onnx') && statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const beside = dirname(path);
    const folder = existsSync(join(beside, 'config.json')) ? beside : dirname(beside);
    return { folder, graph: relative(folder, path) };
  }
  const graphs = (await Promise.all(PLACES.map((place) => filesIn(path, place)))).flat();
  for (const name of GRAPH_NAMES) {
    const graph = graphs.find((file) => basename(file) === name);
    if (graph !== undefined) return { folder: path, graph };
  }
  const [only, ...others] = graphs.filter((file) => file.endsWith('.onnx'));
  if (only === undefined) throw new ModelFolderError(noGraph(path, graphs));
  if (others.length === 0) return { folder: path, graph: only };
  throw new ModelFolderError(
    `${path}: has several graphs of unknown kind (${[only, ...others].slice(0, 5).join(', ')}); name one of them`,
  );
}

/** Names of the files in a place of the folder, relative to the folder; none where there is no such place. */
async function filesIn(folder: string, place: string): Promise<string[]> {
  const names = await readdir(join(folder, place)).catch(() => []);
  return names.sort().map((name) => join(place, name));
}

function noGraph(path: string, files: readonly string[]): string {
  if (!files.includes('config.json')) return `${path} is no model folder: it has no config.json`;
  const weights = files.find((file) => /\.(safetensors|gguf|bin|pt|pth)$/.test(file));
  const lack = `${path} has neither model.onnx nor onnx/model.onnx`;
  return weights === undefined ? lack : `${lack}; ${weights} is not ONNX and has to be exported first`;
}

/**
 * The files in which a graph keeps its weights, relative to the model folder. ONNX Runtime refuses by itself to leave
 * the graph's folder, by `..`, an absolute path or a link; it is checked here too, because a missing file is the likelier
 * case and deserves a better message.
 * @throws {ModelFolderError} where the graph is no ONNX file, or names a file that is missing or outside its own folder
 */
export function dataFiles({ folder, graph }: ModelFiles): string[] {
  const path = join(folder, graph);
  let found: OnnxFile;
  try {
    found = readOnnxFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelFolderError(`${path} is not a readable ONNX file: ${reason}`);
  }
  const foreign = found.domains.find((domain) => !DOMAINS.has(domain));
  if (foreign !== undefined) {
    throw new ModelFolderError(
      `${path} wants operators of ${JSON.stringify(foreign.slice(0, 100))}: custom operators are not loaded`,
    );
  }
  const files = [...found.data].map(([location, end]) => {
    const file = JSON.stringify(location.slice(0, 200));
    if (!staysInside(location)) {
      throw new ModelFolderError(`${path} wants its weights from ${file}, outside its own folder`);
    }
    const stats = statSync(join(dirname(path), location), { throwIfNoEntry: false });
    if (!stats?.isFile()) throw new ModelFolderError(`${path}: its data file ${file} is missing`);
    if (stats.size < end) {
      throw new ModelFolderError(
        `${path}: its data file ${file} is cut off: it has ${stats.size} bytes of at least ${end}`,
      );
    }
    return join(dirname(graph), location);
  });
  return [...new Set(files)];
}

/** Both kinds of path are looked at wherever we run: a folder that is refused here is refused everywhere. */
function staysInside(location: string): boolean {
  if (location === '' || location.includes('\0')) return false;
  if (isAbsolute(location) || win32.isAbsolute(location) || /^[A-Za-z]:/.test(location)) return false;
  return !location.split(/[/\\]/).includes('..');
}

/**
 * SHA-256 over everything that decides a score: graph, weights and tokenizer, in the order of their names, and the tokens
 * that every context starts with, where there are any.
 */
export async function hashFiles(
  folder: string,
  files: readonly string[],
  start: readonly number[],
): Promise<string> {
  const hash = createHash('sha256');
  const byName = files.map((file) => ({ file, name: file.split(sep).join('/') }));
  byName.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { file, name } of byName) {
    hash.update(`${name}\n`);
    for await (const chunk of createReadStream(join(folder, file), { highWaterMark: 2 ** 20 })) {
      hash.update(chunk);
    }
  }
  if (start.length > 0) hash.update(`start ${start.join(' ')}\n`);
  return hash.digest('hex');
}
