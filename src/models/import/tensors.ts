import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { ModelImportError } from './import-error';

/** A tensor of a weight file. */
export interface StoredTensor {
  /** Row-major, the slowest dimension first, as PyTorch says it. */
  readonly dims: readonly number[];
  /** Reads rows of a matrix, or all of a vector, as floats. */
  read(from: number, to: number): Float32Array;
}

/** The tensors of a model, by name, until they are closed. */
export interface Tensors {
  readonly byName: ReadonlyMap<string, StoredTensor>;
  close(): void;
}

/** A file that is read at places. */
export class PlacedFile {
  readonly size: number;
  private readonly fd: number;

  /** @throws the file system's error */
  constructor(readonly path: string) {
    this.fd = openSync(path, 'r');
    this.size = fstatSync(this.fd).size;
  }

  /** @throws {ModelImportError} where the file ends before */
  read(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length); // at the start of a buffer of its own: typed arrays may lie over it
    for (let at = 0; at < length; ) {
      const count = readSync(this.fd, bytes, at, length - at, offset + at);
      if (count === 0) throw new ModelImportError(`${basename(this.path)} is cut off`);
      at += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.fd);
  }
}
