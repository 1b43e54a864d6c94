import { openNative } from './native';
import type { OpenedRuntime, RuntimeChoice } from './runtime';
import { openWasm } from './wasm';

/**
 * Loads ONNX Runtime. Where the native one is missing and not insisted on, the WebAssembly one is taken: the same graph,
 * the same scores, slower.
 * @throws where the one that is insisted on cannot be loaded
 */
export async function openRuntime(choice: RuntimeChoice = 'auto'): Promise<OpenedRuntime> {
  if (choice === 'wasm') return { runtime: await openWasm() };
  try {
    return { runtime: await openNative() };
  } catch (error) {
    if (choice === 'native') throw error;
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { runtime: await openWasm(), fallback: reason ?? '' };
  }
}
