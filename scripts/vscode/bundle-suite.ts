import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { Cleanup } from './cleanup';
import { LOCAL_CACHE } from './paths';

/** All `*.test.ts` under a folder, sorted, as absolute paths. Empty where there is no such folder. */
export async function findTestFiles(folder: string, suffix = '.test.ts'): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * Bundles test files into one CommonJS file that VS Code can load as `extensionTestsPath`.
 * @returns the path of its entry, inside the repository, so that packages left out of the bundle are still found.
 */
export async function bundleSuite(files: readonly string[], cleanup: Cleanup): Promise<string> {
  // One folder a run, so that two runs do not write over each other.
  const output = path.join(LOCAL_CACHE, `test-vscode-${process.pid}`);
  await cleanup.add(() => rm(output, { recursive: true, force: true }));
  const outfile = path.join(output, 'suite.js');
  const loaders = files.map((file) => `() => require(${JSON.stringify(file)})`).join(',\n');
  await build({
    stdin: {
      contents: `import { runSuite } from './suite-runner';\nexport const run = () => runSuite([${loaders}]);`,
      resolveDir: __dirname,
      sourcefile: 'suite-entry.ts',
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // mocha finds its own files at run time; onnxruntime-node carries a native binary.
    external: ['vscode', 'mocha', 'onnxruntime-common', 'onnxruntime-node', 'onnxruntime-web'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  // Node reads source maps only of files loaded after they are switched on.
  const entry = path.join(output, 'index.js');
  await writeFile(
    entry,
    `process.setSourceMapsEnabled(true);\nexports.run = () => require('./suite.js').run();\n`,
  );
  return entry;
}
