import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ModelFolderError } from '../likelihood/model-folder-error';
import { RUNTIME_CHOICES, type RuntimeChoice } from '../likelihood/onnx/runtime';
import { ProcessModel } from '../likelihood/process/process-model';
import { CliError } from './errors';

/** Folders beside the bundled script: dist/cli.js stands next to dist/likelihood-worker.js and ../model. */
const BUNDLED_MODEL = resolve(__dirname, '../model');
const WORKER = resolve(__dirname, 'likelihood-worker.js');

/**
 * Starts the scoring process with the model of `--model` or the bundled one.
 * @throws {CliError} where the folder cannot be used
 */
export async function startModel(options: { model?: string; threads?: number }): Promise<ProcessModel> {
  const folder = options.model === undefined ? BUNDLED_MODEL : resolve(options.model);
  if (!existsSync(folder)) throw new CliError(`${folder}: there is no such model folder`);
  try {
    const model = await ProcessModel.start({
      worker: WORKER,
      folder,
      runtime: runtimeChoice(),
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    });
    if (model.fallback !== undefined) {
      process.stderr.write(
        `steplens: ONNX Runtime runs as WebAssembly, which is slower: the native one does not work here (${model.fallback})\n`,
      );
    }
    return model;
  } catch (error) {
    throw error instanceof ModelFolderError ? new CliError(error.message) : error;
  }
}

/** Which build of ONNX Runtime the environment asks for. @throws {CliError} where there is no such one */
function runtimeChoice(): RuntimeChoice {
  const asked = process.env.STEPLENS_RUNTIME || 'auto';
  const choice = RUNTIME_CHOICES.find((name) => name === asked);
  if (choice) return choice;
  throw new CliError(`STEPLENS_RUNTIME is ${asked}: it takes ${RUNTIME_CHOICES.join(', ')}`, 2);
}
