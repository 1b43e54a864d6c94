import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';

export const MICROSOFT = 'com.microsoft';
/** Initialisers below this size stay inside the .onnx file. */
const INLINE_BYTES = 1024;
/** External data begins on page boundaries, so that it can be memory-mapped. */
const ALIGNMENT = 4096;

const TYPES = { f32: 1, u8: 2, i8: 3, i32: 6, i64: 7, f16: 10, bf16: 16 } as const;
export type ElementType = keyof typeof TYPES;
type Values = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;
export type Attribute = number | readonly number[] | { readonly float: number };
export type Dimension = number | string;

interface Options {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Names of the outputs, '' for one that is not wanted. Default: one output with a made-up name. */
  readonly outputs?: readonly string[];
}

/**
 * Writes an ONNX graph (opset 21 and com.microsoft 1), its large weights in separate files beside it as they are added,
 * so that memory holds one weight at a time.
 */
export class OnnxGraph {
  private readonly nodes: onnx.INodeProto[] = [];
  private readonly initialisers: onnx.ITensorProto[] = [];
  private readonly inputs: onnx.IValueInfoProto[] = [];
  private readonly outputs: onnx.IValueInfoProto[] = [];
  private readonly constants = new Set<string>();
  private data: { fd: number; name: string; size: number } | undefined;
  private dataFiles = 0;

  /** @param maxDataBytes a data file is not begun anew before it would exceed this size */
  constructor(
    private readonly folder: string,
    private readonly name: string,
    private readonly maxDataBytes = 90 * 2 ** 20,
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
  constant(name: string, type: ElementType, dims: readonly number[], values: Values): string {
    if (this.constants.has(name)) return name;
    this.constants.add(name);
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const tensor: onnx.ITensorProto = { name, dims: [...dims], dataType: TYPES[type] };
    if (bytes.length < INLINE_BYTES) tensor.rawData = Buffer.from(bytes);
    else {
      tensor.dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;
      tensor.externalData = this.writeData(bytes);
    }
    this.initialisers.push(tensor);
    return name;
  }

  /** An int64 constant: a vector, or a scalar where a number is given. */
  int64(values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const name = typeof values === 'number' ? `scalar_${values}` : `vector_${values.join('_')}`;
    const dims = typeof values === 'number' ? [] : [list.length];
    return this.constant(name, 'i64', dims, BigInt64Array.from(list.map(BigInt)));
  }

  /** Writes `<name>.onnx` and closes the data files. */
  write(): void {
    const graph = onnx.GraphProto.create({
      name: this.name,
      node: this.nodes,
      initializer: this.initialisers,
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
    if (this.data) closeSync(this.data.fd);
    writeFileSync(join(this.folder, `${this.name}.onnx`), onnx.ModelProto.encode(model).finish());
  }

  private writeData(bytes: Buffer): onnx.IStringStringEntryProto[] {
    if (this.data && this.data.size + bytes.length > this.maxDataBytes) {
      closeSync(this.data.fd);
      this.data = undefined;
    }
    if (!this.data) {
      const name = `${this.name}.${this.dataFiles++}.bin`;
      this.data = { fd: openSync(join(this.folder, name), 'w'), name, size: 0 };
    }
    const data = this.data;
    const padding = (ALIGNMENT - (data.size % ALIGNMENT)) % ALIGNMENT;
    const offset = data.size + padding;
    if (padding) writeSync(data.fd, Buffer.alloc(padding));
    for (let at = 0; at < bytes.length; ) at += writeSync(data.fd, bytes, at);
    data.size = offset + bytes.length;
    return [
      { key: 'location', value: data.name },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(bytes.length) },
    ];
  }
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
