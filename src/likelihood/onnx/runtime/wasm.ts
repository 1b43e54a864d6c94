import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { LOG_SEVERITY, type Runtime } from './runtime';

/**
 * WebAssembly addresses 4 GiB, and the weights are in there once as they were read and once more as the operators want
 * them.
 */
const MOST_BYTES = 1.75 * 2 ** 30;
/** Threads beyond these bring little: all of them work on one shared memory. */
const MOST_THREADS = 8;

/**
 * ONNX Runtime as WebAssembly. It has no file system: graph and weights are read into memory and handed over.
 * @throws where its files are missing
 */
export async function openWasm(): Promise<Runtime> {
  const { env, InferenceSession } = await import('onnxruntime-web');
  return {
    name: 'wasm',
    version: String(env.versions.web),
    mostBytes: MOST_BYTES,
    async open(files, { threads }) {
      // Processors usually run two threads a core, of which the second is of no use to arithmetic.
      env.wasm.numThreads = Math.min(threads ?? Math.ceil(availableParallelism() / 2), MOST_THREADS);
      const folder = dirname(files.graph);
      const externalData = await Promise.all(
        files.data.map(async (path) => ({ path, data: await readFile(join(folder, path)) })),
      );
      return InferenceSession.create(await readFile(files.graph), {
        executionProviders: ['wasm'],
        externalData,
        logSeverityLevel: LOG_SEVERITY,
      });
    },
  };
}
