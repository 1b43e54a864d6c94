import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { ModelFolderError } from '../likelihood/model-folder-error';
import { RUNTIME_CHOICES, type RuntimeChoice } from '../likelihood/onnx/runtime';
import { ModelPool } from '../likelihood/process/model-pool';
import { ProcessModel } from '../likelihood/process/process-model';
import { MeteredModel, ModelError, ModelStore } from '../models';
import { CliError } from './errors';
import { type ServerCliOptions, startServer } from './server';

/** Folders beside the bundled script: dist/cli.js stands next to dist/likelihood-worker.js and ../model. */
export const BUNDLED_MODEL = resolve(__dirname, '../model');
export const WORKER = resolve(__dirname, 'likelihood-worker.js');

/** The models of this machine. */
export const modelStore = (): ModelStore => new ModelStore(BUNDLED_MODEL);

/** Which model, by the options of the command. */
export type ModelOptions = ServerCliOptions & { readonly model?: string; readonly threads?: number };

/**
 * Starts the scoring process with the model of `--model`, a name or a path, or the chosen one; or finds the one behind
 * `--server`.
 * @throws {CliError} where there is no such model or server, or it cannot be used
 */
export async function startModel(options: ModelOptions): Promise<LikelihoodModel> {
  if (options.server?.length) return startServer(options.server, options);
  try {
    const store = modelStore();
    const { folder } = await (options.model === undefined ? store.chosen() : store.find(options.model));
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
    return new MeteredModel(model, folder, store.home);
  } catch (error) {
    throw error instanceof ModelFolderError || error instanceof ModelError
      ? new CliError(error.message)
      : error;
  }
}

/**
 * Starts as many scoring processes as there are jobs. Without `--threads` they share the processor's cores.
 * @throws {CliError} where the folder cannot be used
 */
export async function startModels(options: ModelOptions, jobs: number): Promise<LikelihoodModel> {
  if (jobs === 1 || options.server?.length) return startModel(options);
  const threads = options.threads ?? Math.max(1, Math.floor(availableParallelism() / jobs));
  return ModelPool.start(jobs, () => startModel({ ...options, threads }));
}

/** Which build of ONNX Runtime the environment asks for. @throws {CliError} where there is no such one */
export function runtimeChoice(): RuntimeChoice {
  const asked = process.env.STEPLENS_RUNTIME || 'auto';
  const choice = RUNTIME_CHOICES.find((name) => name === asked);
  if (choice) return choice;
  throw new CliError(`STEPLENS_RUNTIME is ${asked}: it takes ${RUNTIME_CHOICES.join(', ')}`, 2);
}
