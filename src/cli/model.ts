import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ModelFolderError } from '../likelihood/model-folder-error';
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
    return await ProcessModel.start({
      worker: WORKER,
      folder,
      ...(options.threads === undefined ? {} : { threads: options.threads }),
    });
  } catch (error) {
    throw error instanceof ModelFolderError ? new CliError(error.message) : error;
  }
}
