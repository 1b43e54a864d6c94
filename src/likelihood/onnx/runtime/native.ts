import { LOG_SEVERITY, type Runtime } from './runtime';

/**
 * What turns off ONNX Runtime's tiled attention, which does not pay for the short passes of scoring: with it they take a
 * tenth longer (docs/performance.md). It is read when a session is made.
 */
const NO_TILED_ATTENTION = 'ORT_GQA_DISABLE_FLASH_ATTENTION';

/**
 * ONNX Runtime as a native library.
 * @throws where there is none for this platform, or it lacks something of the system; the process may also die here
 */
export async function openNative(): Promise<Runtime> {
  process.env[NO_TILED_ATTENTION] ??= '1';
  const { env, InferenceSession } = await import('onnxruntime-node');
  return {
    name: 'native',
    version: String(env.versions.node),
    mostBytes: Number.POSITIVE_INFINITY,
    open: ({ graph }, { threads = 0 }) =>
      InferenceSession.create(graph, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        // A pattern plans memory for the shapes of one run and keeps it; here hardly two runs are alike.
        enableMemPattern: false,
        logSeverityLevel: LOG_SEVERITY,
      }),
  };
}
