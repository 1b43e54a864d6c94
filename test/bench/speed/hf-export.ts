import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { int8 } from '../../../src/models/import/precision/int8';
import { dequantisedWeights } from '../../support/dequantised';
import { writeHfGraph } from '../../support/hf-graph';
import { MODEL } from './workload';

/**
 * The bundled model exported in the Hugging Face layout, in its own precision (`onnx/model_quantized.onnx`) and in 32 bits
 * (`onnx/model.onnx`): the same weights for contestants that cannot read the scoring graph. Made once, kept in .cache.
 */
export async function hfExport(): Promise<string> {
  const folder = resolve('.cache/bench/hf');
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  try {
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      copyFileSync(join(MODEL, name), join(made, name));
    }
    const weights = dequantisedWeights(MODEL);
    writeHfGraph(weights, join(made, 'onnx'), 'model_quantized', { precision: int8() });
    writeHfGraph(weights, join(made, 'onnx'), 'model');
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another contestant was faster
  }
  return folder;
}
