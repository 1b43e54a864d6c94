import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';

export const MICROSOFT = 'com.microsoft';
/** Initialisers below this size stay inside the .onnx file. */
const INLINE_BYTES = 1024;
/** External data begins on page boundaries, so that it can be memory-mapped. */
const ALIGNMENT = 4096;

/** The most that is written at once: Node takes no more than 2 GiB. */
const MOST_AT_ONCE = 2 ** 28;

const TYPES = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, f16: 10, bf16: 16 } as const;
const BYTES = { f32: 4, u8: 1, i8: 1, i32: 4, i64: 8, f16: 2, bf16: 2 } as const;
export type ElementType = keyof typeof TYPES;
type Values = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
/** A weight's values, or how they are made, whole or piece by piece, once the weight is written. */
export type Source = Values | (() => Values | Iterable<Values>);
export type Attribute = number | readonly number[] | { readonly float: number };
export type Dimension = number | string;

interface Options {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Names of the outputs, '' for one that is not wanted. Default: one output with a made-up name. */
  readonly outputs?: readonly string[];
}

interface Constant {
  readonly tensor: onnx.ITensorProto;
  readonly bytes: number;
  readonly source: Source;
}

/** Where a weight stands: in a data file or, a small one, in the graph itself. */
export type Place = Pick<onnx.ITensorProto, 'dataLocation' | 'externalData' | 'rawData'>;

/** How far writing is. */
export interface Written {
  readonly done: number;
  readonly total: number;
}

/**
 * Builds an ONNX graph (opset 21 and com.microsoft 1) and writes it, its large weights in separate files beside it. Weights
 * are made when they are written, one after the other, in the order in which they were added: memory holds one at a time.
 */
export class OnnxGraph {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly weights: Constant[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private readonly constants = new Set<string>();
  /** Where the weights stand, by name, once they are written. */
  readonly placed = new Map<string, Place>();
  private data: { fd: number; name: string; size: number } | undefined;
  private dataFiles = 0;

  /**
   * @param maxDataBytes a data file is not begun anew before it would exceed this size
   * @param shared `placed` of a graph in the same folder: its weights of the same name are taken, not written again
   */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly maxDataBytes = 90 * 2 ** 20,
    private readonly shared: ReadonlyMap<string, Place> = new Map(),
  ) {
    mkdirSync(folder, { recursive: true });
  }

  input(name: string, type: ElementType, dims: readonly Dimension[]): string {
    this.inputs.push(valueInfo(name, type, dims));
    return name;
  }

  output(name: string, type: ElementType, dims: readonly Dimension[]): void {
    this.outputs.push(valueInfo(name, type, dims));
  }

  /** Adds a node with one output and returns the output's name. */
  node(opType: string, inputs: readonly string[], options: Options = {}): string {
    const index = this.nodes.length;
    const outputs = options.outputs ?? [`${opType}_${index}`];
    this.nodes.push({
      name: `${opType}_${index}`,
      opType,
      domain: options.domain ?? '',
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => attribute(name, value)),
    });
    return outputs[0] ?? '';
  }

  /** Adds a weight or constant; a name that was added before is taken as the same one. */
  constant(name: string, type: ElementType, dims: readonly number[], source: Source): string {
    if (this.constants.has(name)) return name;
    this.constants.add(name);
    const bytes = dims.reduce((size, dim) => size * dim, BYTES[type]);
    this.weights.push({ tensor: { name, dims: [...dims], dataType: TYPES[type] }, bytes, source });
    return name;
  }

  /** An int64 constant: a vector, or a scalar where a number is given. */
  int64(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const name = typeof values === 'number' ? `scalar_${values}` : `vector_${values.join('_')}`;
    const dims = typeof values === 'number' ? [] : [list.length];
    return this.constant(name, 'i64', dims, BigInt64Array.from(list.map(BigInt)));
  }

  /** Bytes of all weights that are to be written. */
  get bytes(): number {
    const own = this.weights.filter(({ tensor }) => !this.shared.has(tensor.name ?? ''));
    return own.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Writes everything. */
  write(): void {
    for (const _ of this.writing()) {
      // no one wants to know how far it is
    }
  }

  /**
   * Writes the weights and then `<name>.onnx`, in bytes of weights. Between two steps a caller may breathe, or stop.
   * @throws {Error} where a weight has not the size of its dimensions
   */
  *writing(): Generator<Written> {
    const total = this.bytes;
    let done = 0;
    const initializer: onnx.ITensorProto[] = [];
    try {
      for (let next = this.weights.shift(); next; next = this.weights.shift()) {
        const tensor = { ...next.tensor };
        const known = this.shared.get(tensor.name ?? '');
        if (known) Object.assign(tensor, known);
        else if (next.bytes < INLINE_BYTES) tensor.rawData = Buffer.concat([...pieces(next)]);
        else {
          tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
          tensor.externalData = this.place(next.bytes);
          for (const piece of pieces(next)) {
            this.append(piece);
            done += piece.length;
            yield { done, total };
          }
        }
        const { dataLocation, externalData, rawData } = tensor;
        this.placed.set(tensor.name ?? '', rawData ? { rawData } : { dataLocation, externalData });
        initializer.push(tensor);
      }
    } finally {
      if (this.data) closeSync(this.data.fd);
    }
    const graph = onnx.GraphProto.create({
      name: this.name,
      node: this.nodes,
      initializer,
      input: this.inputs,
      output: this.outputs,
    });
    const model = onnx.ModelProto.create({
      irVersion: 10,
      producerName: 'steplens',
      opsetImport: [
        { domain: '', version: 21 },
        { domain: MICROSOFT, version: 1 },
      ],
      graph,
    });
    writeFileSync(join(this.folder, `${this.name}.onnx`), onnx.ModelProto.encode(model).finish());
  }

  /** Makes room for a weight, in a new data file where the last one is full. */
  private place(bytes: number): onnx.IStringStringEntryProto[] {
    if (this.data && this.data.size + bytes > this.maxDataBytes) {
      closeSync(this.data.fd);
      this.data = undefined;
    }
    if (!this.data) {
      const name = `${this.name}.${this.dataFiles++}.bin`;
      this.data = { fd: openSync(join(this.folder, name), 'w'), name, size: 0 };
    }
    const padding = (ALIGNMENT - (this.data.size % ALIGNMENT)) % ALIGNMENT;
    if (padding) this.append(Buffer.alloc(padding));
    return [
      { key: 'location', value: this.data.name },
      { key: 'offset', value: String(this.data.size) },
      { key: 'length', value: String(bytes) },
    ];
  }

  private append(bytes: Buffer): void {
    if (!this.data) throw new Error('there is no data file');
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.data.fd, bytes, at, Math.min(MOST_AT_ONCE, bytes.length - at));
    }
    this.data.size += bytes.length;
  }
}

/** A weight's bytes, piece by piece. */
function* pieces({ tensor, bytes, source }: Constant): Generator<Buffer> {
  const made = typeof source === 'function' ? source() : source;
  let size = 0;
  for (const values of ArrayBuffer.isView(made) ? [made] : made) {
    size += values.byteLength;
    yield Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  }
  if (size !== bytes) throw new Error(`${tensor.name} has ${size} bytes instead of ${bytes}`);
}

function attribute(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function valueInfo(name: string, type: ElementType, dims: readonly Dimension[]): onnx.IValueInfoProto {
  const dim = dims.map((d) => (typeof d === 'string' ? { dimParam: d } : { dimValue: d }));
  return { name, type: { tensorType: { elemType: TYPES[type], shape: { dim } } } };
}
