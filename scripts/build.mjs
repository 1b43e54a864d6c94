// Bundles what runs: the extension, the command, the scoring process, the heatmap's page. `--watch` keeps on bundling.
import { context } from 'esbuild';
import { heatmapBuildOptions } from './heatmap-build.mjs';

/** @type {import('esbuild').BuildOptions} */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outdir: 'dist',
  // ONNX Runtime loads a native library, or one of WebAssembly, beside itself; VS Code provides its own module.
  external: ['vscode', 'onnxruntime-common', 'onnxruntime-node', 'onnxruntime-web'],
  supported: { 'dynamic-import': false }, // `require` instead: the packages hold ONNX Runtime's CommonJS files only
  mainFields: ['module', 'main'], // jsonc-parser's main is UMD, which cannot be bundled
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};

const builds = [
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...node,
    entryPoints: {
      extension: 'src/extension.ts',
      'likelihood-worker': 'src/likelihood/process/worker.ts',
      'trace-reader': 'src/editor/reading/reader-worker.ts',
      'large-reader': 'src/editor/large/large-worker.ts',
      'trace-labeller': 'src/editor/labelling/label-worker.ts',
    },
  },
  heatmapBuildOptions,
];

const watch = process.argv.includes('--watch');
const contexts = await Promise.all(builds.map((options) => context(options)));
try {
  await Promise.all(contexts.map((c) => (watch ? c.watch() : c.rebuild())));
} catch {
  process.exitCode = 1; // esbuild has said why
}
if (!watch) await Promise.all(contexts.map((c) => c.dispose()));
