import { LOG_SEVERITY, type Runtime } from './runtime';

/**
 * What turns off ONNX Runtime's tiled attention, which does not pay for the short passes of scoring: with it they take a
 * tenth longer (docs/performance.md). It is read when a session is made.
 */
const NO_TILED_ATTENTION = 'ORT_GQA_DISABLE_FLASH_ATTENTION';

/**
 * Numbers below the normal range count as zero. The attention gives what is hidden from a node a share of 1e-45 or so, and
 * processors take a hundred times as long for a product with such a number. ONNX Runtime changes its threads and, with the
 * first session, the thread that makes it: there JavaScript's numbers below 1e-307 are zero too.
 */
const VANISHING_IS_ZERO = { session: { set_denormal_as_zero: '1' } };

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
        extra: VANISHING_IS_ZERO,
        logSeverityLevel: LOG_SEVERITY,
      }),
  };
}
