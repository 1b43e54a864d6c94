import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LikelihoodModel, ModelId } from '../../likelihood/likelihood-model';
import type { RuntimeChoice } from '../../likelihood/onnx/runtime';
import { ProcessModel } from '../../likelihood/process/process-model';
import type { ServerOptions } from '../../likelihood/server';
import { serverRoot } from '../../likelihood/server/address';
import { ExchangeError } from '../../likelihood/server/errors';
import { MeteredModel } from '../../models';
import { Disposable } from '../disposable';

export { type ServerOptions, serverRoot };

/** Whether a server was not used because it wants a key, or another one. */
export const wantsKey = (error: unknown): boolean =>
  error instanceof ExchangeError
    ? error.kind === 'key'
    : error instanceof Error && error.cause !== undefined && wantsKey(error.cause);

/** The chosen model cannot be loaded: nothing can be scored, not just one trace. */
export class UnusableModelError extends Error {
  override readonly name = 'UnusableModelError';
}

/** Which model, and how it is run. */
export interface ModelChoice {
  readonly folder: string;
  /** The Node program that runs it; undefined: the editor's own. */
  readonly nodePath: string | undefined;
  /** The build of ONNX Runtime. */
  readonly runtime: RuntimeChoice;
  readonly threads: number | undefined;
  /** Whether servers score in place of the folder. */
  readonly onServer: boolean;
}

/** What runs the loaded model. */
export interface RunningModel {
  readonly id: ModelId;
  /** Why ONNX Runtime's native build is not used although it was wanted. */
  readonly fallback: string | undefined;
}

/** What is remembered from one window to the next. VS Code's Memento fits. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

const KNOWN_MODELS = 'steplens.knownModels';
const MOST_KNOWN = 8;

/**
 * The one place that starts the scoring process. It starts with the first scoring, once for all who wait, ends after a
 * while without work, and starts anew when another model is chosen.
 */
export class ModelHost extends Disposable {
  private starting: Promise<ProcessModel> | undefined;
  private running: ProcessModel | undefined;
  /** The same, of which it is written down how fast it was. */
  private metered: LikelihoodModel | undefined;
  private idle: NodeJS.Timeout | undefined;
  private users = 0;
  /** A Node program in which the native runtime did not work: it is not tried again in this window. */
  private withoutNative: { readonly nodePath: string | undefined; readonly why: string } | undefined;

  constructor(
    private readonly worker: string,
    private readonly choice: () => ModelChoice,
    private readonly idleMs: () => number,
    private readonly memory: Memory,
    private readonly log: (line: string) => void,
    /** The servers, with their keys, where `onServer`. */
    private readonly server: () => Promise<ServerOptions | undefined> = async () => undefined,
  ) {
    super();
  }

  /** Process id of the running scoring process. */
  get pid(): number | undefined {
    return this.running?.pid;
  }

  /** The loaded model; undefined while there is none. */
  get loaded(): RunningModel | undefined {
    return this.running && { id: this.running.id, fallback: this.withoutNative?.why };
  }

  /** The folder of the model in use. */
  get folder(): string {
    return this.choice().folder;
  }

  /**
   * Works with the model, loaded; as long as any such work goes on, the process is kept.
   * @throws {UnusableModelError} where it cannot be loaded; and what `work` throws
   */
  async use<T>(work: (model: LikelihoodModel) => Promise<T>): Promise<T> {
    this.users++;
    clearTimeout(this.idle);
    try {
      const model = await this.load();
      return await work(this.metered ?? model);
    } finally {
      this.users--;
      this.rest();
    }
  }

  /** Lets go of the process; the next scoring starts one by the settings as they are then. */
  stop(why: string): void {
    clearTimeout(this.idle);
    if (!this.starting) return;
    this.log(`the scoring process is stopped: ${why}`);
    const { metered } = this;
    void this.starting.then((model) => (metered ?? model).dispose()).catch(() => undefined);
    this.starting = undefined;
    this.running = undefined;
    this.metered = undefined;
  }

  /** Name and hash of the chosen model without loading it, if it was loaded before and its files are the same. */
  async identity(): Promise<ModelId | undefined> {
    if (this.running) return this.running.id;
    const { folder, onServer } = this.choice();
    // What a server serves is known when it is asked.
    const print = onServer ? undefined : await fingerprint(folder);
    return print === undefined ? undefined : this.known[print];
  }

  /**
   * What servers were found to be, without using them from now on.
   * @throws {ServerError} where they cannot be used
   */
  async tryOut(server: ServerOptions): Promise<readonly string[]> {
    const { nodePath } = this.choice();
    const model = await ProcessModel.start({
      ...{ worker: this.worker, folder: '', server, log: this.log },
      ...(nodePath === undefined ? {} : { execPath: nodePath }),
    });
    try {
      return model.found;
    } finally {
      await model.dispose();
    }
  }

  override dispose(): void {
    this.stop('the window closes');
    super.dispose();
  }

  private get known(): Readonly<Record<string, ModelId>> {
    return this.memory.get<Record<string, ModelId>>(KNOWN_MODELS) ?? {};
  }

  private async load(): Promise<ProcessModel> {
    const starting = this.starting ?? this.start();
    this.starting = starting;
    try {
      return await starting;
    } catch (error) {
      if (this.starting === starting) this.starting = undefined;
      throw new UnusableModelError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  private rest(): void {
    clearTimeout(this.idle);
    const ms = this.idleMs();
    if (ms > 0 && this.users === 0) this.idle = setTimeout(() => this.stop('it had no work'), ms).unref();
  }

  private async start(): Promise<ProcessModel> {
    const { folder, nodePath, threads, runtime: wanted, onServer } = this.choice();
    const { withoutNative } = this; // no node path is a node path too: undefined must not be taken for one that failed
    const known = wanted === 'auto' && withoutNative !== undefined && withoutNative.nodePath === nodePath;
    if (!known) this.withoutNative = undefined;
    const server = onServer ? await this.server() : undefined;
    const begun = performance.now();
    const model = await ProcessModel.start({
      worker: this.worker,
      folder,
      log: this.log,
      runtime: known ? 'wasm' : wanted,
      ...(server ? { server } : {}),
      ...(threads === undefined ? {} : { threads }),
      ...(nodePath === undefined ? {} : { execPath: nodePath }),
    });
    if (this.disposed) {
      await model.dispose();
      throw new DOMException('the window closes', 'AbortError');
    }
    this.running = model;
    if (!server) this.metered = new MeteredModel(model, folder);
    const { name, sha256, runtime = '' } = model.id;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const how = `${runtime}, process ${model.pid}`;
    for (const line of model.found) this.log(line);
    const where = server ? server.urls.join(', ') : folder;
    this.log(`loaded ${name} (sha256 ${sha256}) from ${where} in ${seconds} s: ${how}`);
    if (model.fallback !== undefined) {
      this.withoutNative = { nodePath, why: model.fallback };
      this.log(`ONNX Runtime runs as WebAssembly, as the native one does not: ${model.fallback}`);
    }
    if (!server) await this.remember(folder, model.id);
    return model;
  }

  private async remember(folder: string, id: ModelId): Promise<void> {
    const print = await fingerprint(folder);
    const before = print === undefined ? undefined : this.known[print];
    if (print === undefined || (before?.sha256 === id.sha256 && before.runtime === id.runtime)) return;
    const others = Object.entries(this.known).filter(([key]) => key !== print);
    await this.memory.update(
      KNOWN_MODELS,
      Object.fromEntries([...others.slice(1 - MOST_KNOWN), [print, id]]),
    );
  }
}

/** Names, sizes and times of a folder's files: changes with them, and costs no reading. */
async function fingerprint(folder: string): Promise<string | undefined> {
  try {
    const hash = createHash('sha256').update(folder);
    for (const name of (await readdir(folder)).sort()) {
      const { size, mtimeMs } = await stat(join(folder, name));
      hash.update(`\n${name} ${size} ${mtimeMs}`);
    }
    return hash.digest('hex');
  } catch {
    return undefined; // no such folder: loading it will say so
  }
}
