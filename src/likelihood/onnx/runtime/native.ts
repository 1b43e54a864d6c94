import { LOG_SEVERITY, type Runtime } from './runtime';

/**
 * ONNX Runtime as a native library.
 * @throws where there is none for this platform, or it lacks something of the system; the process may also die here
 */
export async function openNative(): Promise<Runtime> {
  const { env, InferenceSession } = await import('onnxruntime-node');
  return {
    name: 'native',
    version: String(env.versions.node),
    mostBytes: Number.POSITIVE_INFINITY,
    open: ({ graph }, { threads = 0 }) =>
      InferenceSession.create(graph, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        logSeverityLevel: LOG_SEVERITY,
      }),
  };
}
