import { ModelFolderError } from '../../model-folder-error';
import { openNative } from './native';
import type { OpenedRuntime, RuntimeChoice } from './runtime';
import { openWasm } from './wasm';

/**
 * Loads ONNX Runtime. Where the native build is missing and not insisted on, the WebAssembly one is taken: the same graph,
 * the same scores within rounding, slower.
 * @throws {ModelFolderError} where the wanted one cannot be loaded
 */
export async function openRuntime(choice: RuntimeChoice = 'auto'): Promise<OpenedRuntime> {
  let fallback: string | undefined;
  if (choice !== 'wasm') {
    try {
      return { runtime: await openNative() };
    } catch (error) {
      fallback = firstLine(error);
      if (choice === 'native') throw new ModelFolderError(`ONNX Runtime cannot be loaded: ${fallback}`);
    }
  }
  try {
    return { runtime: await openWasm(), ...(fallback === undefined ? {} : { fallback }) };
  } catch (error) {
    const native = fallback === undefined ? '' : `, nor can the native one: ${fallback}`;
    throw new ModelFolderError(`ONNX Runtime as WebAssembly cannot be loaded: ${firstLine(error)}${native}`);
  }
}

/** Node lists who asked for a missing file in further lines. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}
