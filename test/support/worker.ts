import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the scoring process as the product does, into a folder inside node_modules so that it finds ONNX Runtime. */
export async function buildWorker(): Promise<string> {
  const folder = mkdtempSync(join(resolve('node_modules'), '.steplens-worker-'));
  const outfile = join(folder, 'worker.js');
  await build({
    entryPoints: ['src/likelihood/process/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['onnxruntime-node'],
    logLevel: 'warning',
  });
  return outfile;
}
