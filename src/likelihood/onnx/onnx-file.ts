import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The messages of onnx.proto that lead to a tensor, field number by field number; all other fields are skipped. */
const MODEL = { 7: 'graph', 20: 'training', 25: 'function' } as const;
const SCHEMA: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: MODEL,
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
};
/** Fields that say whose operator or function it is. */
const [NODE_DOMAIN, FUNCTION_DOMAIN] = [7, 10];
/** Graphs inside graphs: a loop in a branch in a loop is deep. */
const MAX_DEPTH = 64;
/** A location is a file's name, a domain a few words. */
const MAX_TEXT = 4096;
const WINDOW = 2 ** 16;

/** What is known of an ONNX file before it is loaded. */
export interface OnnxFile {
  /** The files in which it keeps weights, and up to which byte it reads each. */
  readonly data: ReadonlyMap<string, number>;
  /** Domains of the operators that are not functions of the file's own. */
  readonly domains: readonly string[];
}

/**
 * Reads what an ONNX model wants from outside: every distinct `location` among the external data of its tensors, wherever
 * in the file they stand, and the domains of its operators. Reads the fields' headers only and skips the weights, so that
 * a graph of two gigabytes costs no memory. The wire format is Protocol Buffers'.
 * @throws {Error} where the file is not an ONNX model
 */
export function readOnnxFile(file: string): OnnxFile {
  const fd = openSync(file, 'r');
  try {
    const reader = new WireReader(fd, fstatSync(fd).size);
    const data = new Map<string, number>();
    const [used, own] = [new Set<string>(), new Set<string>()];
    let graphs = 0;
    /** The last entry of a tensor's external data that was walked. */
    let entry: readonly [string, string] = ['', ''];
    const walk = (message: string, end: number, depth: number): void => {
      if (depth > MAX_DEPTH) throw new Error('its graphs are nested too deep');
      const known = SCHEMA[message] ?? {};
      const entries = new Map<string, string>();
      let [key, value] = ['', ''];
      while (reader.at < end) {
        const field = reader.field(end);
        if (field.end === undefined) continue; // a number: it is read already
        const inner = known[field.number];
        if (message === 'model' && field.number === 7) graphs++;
        if (message === 'node' && field.number === NODE_DOMAIN) used.add(reader.text(field.end));
        else if (message === 'function' && field.number === FUNCTION_DOMAIN) own.add(reader.text(field.end));
        else if (message === 'entry' && field.number === 1) key = reader.text(field.end);
        else if (message === 'entry' && field.number === 2) value = reader.text(field.end);
        else if (inner) walk(inner, field.end, depth + 1);
        if (inner === 'entry') entries.set(...entry);
        reader.at = field.end;
      }
      if (message === 'entry') entry = [key, value];
      const location = entries.get('location');
      if (message !== 'tensor' || location === undefined) return;
      const last = (Number(entries.get('offset')) || 0) + (Number(entries.get('length')) || 0);
      data.set(location, Math.max(last, data.get(location) ?? 0));
    };
    walk('model', reader.size, 0);
    if (graphs !== 1) throw new Error('it holds no graph');
    return { data, domains: [...used].filter((domain) => !own.has(domain)) };
  } finally {
    closeSync(fd);
  }
}

/** Reads Protocol Buffers' wire format through a small window. */
class WireReader {
  at = 0;
  private readonly window = Buffer.alloc(WINDOW);
  private start = 0;
  private length = 0;

  constructor(
    private readonly fd: number,
    readonly size: number,
  ) {}

  /** Reads a field's header, and its value where that is a number; `end` is where a longer value ends. */
  field(limit: number): { number: number; end?: number } {
    const tag = this.varint();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new Error('it is not in Protocol Buffers format');
    switch (tag % 8) {
      case 0:
        this.varint();
        return { number };
      case 1:
        this.at += 8;
        return { number };
      case 2: {
        const length = this.varint();
        const end = this.at + length;
        if (end > limit) throw new Error('it is cut off or damaged');
        return { number, end };
      }
      case 5:
        this.at += 4;
        return { number };
      default:
        throw new Error('it is not in Protocol Buffers format');
    }
  }

  text(end: number): string {
    if (end - this.at > MAX_TEXT) throw new Error('it has an impossibly long name');
    const bytes = Buffer.alloc(end - this.at);
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.byte();
    return bytes.toString('utf8');
  }

  /** Up to 64 bits; those beyond the exact integers are lengths that no file has. */
  private varint(): number {
    let value = 0;
    for (let shift = 0; shift < 10; shift++) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** (7 * shift);
      if (byte < 128) return value;
    }
    throw new Error('it is not in Protocol Buffers format');
  }

  private byte(): number {
    const offset = this.at - this.start;
    if (offset < 0 || offset >= this.length) {
      this.start = this.at;
      this.length = this.at < this.size ? readSync(this.fd, this.window, 0, WINDOW, this.at) : 0;
      if (this.length === 0) throw new Error('it is cut off or damaged');
    }
    return this.window[this.at++ - this.start] ?? 0;
  }
}
