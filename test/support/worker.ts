import { mkdtempSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** What the product's build makes for Node: the scoring process, and the command that starts it from beside itself. */
const ENTRIES = { 'likelihood-worker': 'src/likelihood/process/worker.ts', cli: 'src/cli/main.ts' } as const;

/**
 * Bundles some of them as the product does, into a new folder inside node_modules, so that they find ONNX Runtime.
 * Returns the folder.
 */
export async function buildInto(...names: readonly (keyof typeof ENTRIES)[]): Promise<string> {
  const folder = mkdtempSync(join(resolve('node_modules'), '.steplens-test-'));
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, ENTRIES[name]])),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['onnxruntime-common', 'onnxruntime-node', 'onnxruntime-web'],
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return folder;
}

/** Bundles the scoring process alone. Returns the script. */
export async function buildWorker(): Promise<string> {
  return join(await buildInto('likelihood-worker'), 'likelihood-worker.js');
}
