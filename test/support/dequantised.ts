import { closeSync, copyFileSync, mkdtempSync, openSync, readFileSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onnx } from 'onnx-proto';
import { type LlamaConfig, type LlamaWeights, type Matrix, matrixOf } from '../../src/models/import/llama';
import { fp32 } from '../../src/models/import/precision/fp32';
import { writeScoringGraph } from '../../src/models/import/scoring-graph';

/**
 * Writes a 32-bit copy of an 8-bit model folder into a temporary place: the same weights, exact arithmetic. On it packed
 * and separate passes must agree to rounding, which 8-bit activations do not allow.
 */
export function writeDequantised(modelFolder: string, within = tmpdir()): string {
  const folder = mkdtempSync(join(within, 'steplens-fp32-'));
  writeScoringGraph(dequantisedWeights(modelFolder), fp32(), folder);
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(join(modelFolder, name), join(folder, name));
  }
  return folder;
}

/** An 8-bit model folder's weights as the floats that they stand for. */
export function dequantisedWeights(folder: string): LlamaWeights {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as LlamaConfig;
  const { graph } = onnx.ModelProto.decode(readFileSync(join(folder, 'model.onnx')));
  const tensors = new Map((graph?.initializer ?? []).map((tensor) => [tensor.name ?? '', tensor]));
  const tensor = (name: string) => {
    const found = tensors.get(name);
    if (!found) throw new Error(`${folder}: no weight ${name}`);
    return { dims: (found.dims ?? []).map(Number), bytes: tensorBytes(folder, found) };
  };
  const floats = (name: string): Float32Array => {
    const { bytes } = tensor(name);
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  };
  return {
    config,
    finalNorm: () => floats('norm'),
    layerVector: (layer, part) => floats(`layers.${layer}.${part}`),
    /** Stored [vocab, hidden] with one scale per row. */
    embedding(): Matrix {
      const { dims, bytes } = tensor('embed_tokens.int8');
      const [rows = 0, cols = 0] = dims;
      const scales = floats('embed_tokens.scale');
      const values = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      const data = Float32Array.from(values, (v, i) => v * (scales[Math.floor(i / cols)] ?? 0));
      return matrixOf(rows, cols, data);
    },
    head: () => undefined,
    layerBias: () => undefined,
    /** Stored [in, out] with one scale per column; given back as [out, in]. */
    layerMatrix(layer, part): Matrix {
      const { dims, bytes } = tensor(`layers.${layer}.${part}.int8`);
      const [cols = 0, rows = 0] = dims;
      const scales = floats(`layers.${layer}.${part}.scale`);
      const data = new Float32Array(rows * cols);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < cols; c++) data[r * cols + c] = bytes.readInt8(c * rows + r) * (scales[r] ?? 0);
      }
      return matrixOf(rows, cols, data);
    },
  };
}

function tensorBytes(folder: string, tensor: onnx.ITensorProto): Buffer {
  if (!tensor.externalData?.length) return Buffer.from(Uint8Array.from(tensor.rawData ?? []));
  const entry = (key: string) => tensor.externalData?.find((e) => e.key === key)?.value ?? '';
  const bytes = Buffer.alloc(Number(entry('length')));
  const file = openSync(join(folder, entry('location')), 'r');
  try {
    readSync(file, bytes, 0, bytes.length, Number(entry('offset')));
  } finally {
    closeSync(file);
  }
  return bytes;
}
