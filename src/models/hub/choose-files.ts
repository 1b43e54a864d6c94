import { basename } from 'node:path/posix';
import { ModelError } from '../model-error';
import type { HubFile, Repository } from './repository';

/** One of the forms in which a repository offers its weights. */
export interface Variant {
  /** What a person calls it: `fp32`, `q4`, `safetensors`, `q8_0`. */
  readonly name: string;
  /** Whether it can be used as it is, or has to be imported. */
  readonly kind: 'onnx' | 'safetensors' | 'gguf';
  /** All files to download, the small ones too. */
  readonly files: readonly HubFile[];
  readonly bytes: number;
}

/** ONNX graphs by their usual names, the more exact first; those that round activations for a whole run come last. */
const GRAPHS: readonly (readonly [suffix: string, variant: string])[] = [
  ['', 'fp32'],
  ['_fp16', 'fp16'],
  ['_q4', 'q4'],
  ['_q4f16', 'q4f16'],
  ['_bnb4', 'bnb4'],
  ['_int8', 'int8'],
  ['_uint8', 'uint8'],
  ['_quantized', 'quantized'],
];
const ROUNDED = ['int8', 'uint8', 'quantized'];
/** What every model needs beside its weights, or what says something of it. */
const SMALL =
  /^(config\.json|tokenizer\.json|tokenizer_config\.json|chat_template\.(jinja|json)|README\.md|LICENSE(\.\w+)?)$/;
/** Of several forms the most exact one up to this size is proposed. */
const MUCH = 2 * 2 ** 30;

/** The forms that a repository offers, the proposed one first. */
export function variantsOf({ files }: Pick<Repository, 'files'>): Variant[] {
  const small = files.filter(({ path }) => SMALL.test(path));
  const make = (name: string, kind: Variant['kind'], weights: readonly HubFile[]): Variant => {
    const all = [...small, ...weights];
    return { name, kind, files: all, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
  };
  const onnx = GRAPHS.flatMap(([suffix, name]) => {
    const graph = ['onnx/', '']
      .map((place) => find(files, `${place}model${suffix}.onnx`))
      .find((file) => file !== undefined);
    return graph ? [make(name, 'onnx', [graph, ...dataOf(graph, files)])] : [];
  });
  const tensors = files.filter(({ path }) => /^[^/]*\.safetensors(\.index\.json)?$/.test(path));
  const gguf = files
    .filter(({ path }) => /^[^/]+\.gguf$/.test(path) && !/-\d{5}-of-\d{5}\.gguf$/.test(path))
    .map((file) => make(quantisation(file.path), 'gguf', [file]));
  const others = [
    ...(tensors.some(({ path }) => path.endsWith('.safetensors'))
      ? [make('safetensors', 'safetensors', tensors)]
      : []),
    ...gguf.sort((a, b) => b.bytes - a.bytes),
  ];
  const exact = onnx.filter(({ name }) => !ROUNDED.includes(name));
  const proposed =
    exact.find(({ bytes }) => bytes <= MUCH) ??
    smallest(exact) ??
    onnx[0] ??
    others.find(({ bytes }) => bytes <= MUCH);
  const rest = [...onnx, ...others].filter((variant) => variant !== proposed);
  return proposed ? [proposed, ...rest] : rest;
}

/**
 * @param wanted a variant's name, in any case; undefined: the proposed one
 * @throws {ModelError} where there is none, with the names of those that there are
 */
export function chooseVariant(repository: Repository, wanted?: string): Variant {
  const variants = variantsOf(repository);
  const found =
    wanted === undefined ? variants[0] : variants.find(({ name }) => name === wanted.toLowerCase());
  if (found) {
    if (found.kind === 'gguf' || ['config.json', 'tokenizer.json'].every((name) => find(found.files, name)))
      return found;
    throw new ModelError(
      `${repository.name} has no config.json or no tokenizer.json: it is no model that can be used here`,
    );
  }
  throw new ModelError(
    variants.length === 0
      ? `${repository.name} has no weights that can be used: neither ONNX, nor safetensors, nor GGUF`
      : `${repository.name} has no ${wanted}; it has ${variants.map(({ name }) => name).join(', ')}`,
  );
}

const find = (files: readonly HubFile[], path: string) => files.find((file) => file.path === path);
const smallest = (variants: readonly Variant[]) => [...variants].sort((a, b) => a.bytes - b.bytes)[0];

/** `model.onnx_data`, `model.onnx_data_1`, `model.onnx.data` beside a graph. */
function dataOf(graph: HubFile, files: readonly HubFile[]): HubFile[] {
  return files.filter(
    ({ path }) => path.startsWith(graph.path) && /^[._]data(_\d+)?$/.test(path.slice(graph.path.length)),
  );
}

/** `Q4_K_M` of `model-name-Q4_K_M.gguf`; else the file's name. */
function quantisation(path: string): string {
  const name = basename(path, '.gguf');
  return (/[-.]((?:i?q\d|b?f\d\d|f32)\w*)$/i.exec(name)?.[1] ?? name).toLowerCase();
}
