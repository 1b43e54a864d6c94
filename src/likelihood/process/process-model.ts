import { type ChildProcess, fork } from 'node:child_process';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type {
  LikelihoodModel,
  LikelihoodRequest,
  ModelId,
  ScoreOptions,
  ScoreResult,
} from '../likelihood-model';
import type { RuntimeChoice } from '../onnx/runtime';
import type { ServerOptions } from '../server';
import { ModelCrashedError } from './model-crashed-error';
import { Int8Request, type LoadedModel, LoadRequest, ShutdownRequest } from './protocol';
import { ScoringClient } from './scoring-channel';
import { fromResponseError } from './wire-error';

export interface ProcessOptions {
  /** The bundled worker script. */
  readonly worker: string;
  /** Model folder. */
  readonly folder: string;
  readonly threads?: number;
  /** Which build of ONNX Runtime. Default: `auto`, the native one unless it is missing or dies while it loads. */
  readonly runtime?: RuntimeChoice;
  /** Servers that score in place of the folder. */
  readonly server?: ServerOptions;
  /** Which Node runs the worker. Default: this program; inside VS Code that is Electron, run as Node. */
  readonly execPath?: string;
  /** Called with each line the process writes to stderr, and when it ends unasked. */
  readonly log?: (line: string) => void;
}

/** Deaths on one request after which it is given up. */
const MAX_DEATHS = 3;
/**
 * Deaths while the native runtime loads after which it is taken to be broken here. One may be chance: a machine that has
 * no memory left for a moment ends whom it likes.
 */
const NATIVE_DEATHS = 2;
/** How long a cancelled pass may go on before the process is killed. */
const CANCEL_GRACE_MS = 500;

interface Running {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly scoring: ScoringClient;
  readonly loaded: Promise<LoadedModel>;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<string>;
}

/**
 * A model in a child process: the caller's thread stays free, a native crash costs one restart, memory is given back on
 * `dispose`. The process starts with the first request and starts again, once, for all who wait, after a death.
 */
export class ProcessModel implements LikelihoodModel {
  private running: Running | undefined;
  private known: LoadedModel | undefined;
  private disposed = false;
  /** How the native runtime died, where it did before it had ever loaded the model. */
  private nativeDeath: string | undefined;
  private deathsWhileLoading = 0;

  private constructor(private readonly options: ProcessOptions) {}

  /** Starts the process and loads the model. @throws {ModelFolderError} where the folder cannot be used */
  static async start(options: ProcessOptions): Promise<ProcessModel> {
    const model = new ProcessModel(options);
    try {
      model.known = await model.retrying((running) => running.loaded);
    } catch (error) {
      await model.dispose();
      throw error;
    }
    return model;
  }

  get id(): ModelId {
    return this.loaded.id;
  }

  get window(): number {
    return this.loaded.window;
  }

  get judges(): boolean {
    return this.loaded.judges;
  }

  /**
   * Why ONNX Runtime runs as WebAssembly although the native build was wanted: the same rewards within rounding, more
   * slowly. Undefined where nothing went wrong.
   */
  get fallback(): string | undefined {
    return this.nativeDeath ?? this.loaded.fallback;
  }

  /** What the servers were found to be, a line each; empty for a model folder. */
  get found(): readonly string[] {
    return this.loaded.found ?? [];
  }

  /** ONNX Runtime's version. */
  get runtimeVersion(): string {
    return this.loaded.runtimeVersion ?? '';
  }

  /** Process id of the worker, for tests and logs. */
  get pid(): number | undefined {
    return this.running?.child.pid;
  }

  score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    return this.retrying((running) => this.cancellable(running, requests, options), options.signal);
  }

  /** The largest error of 8-bit sums, tried with a graph made for it; see int8-check.ts. */
  int8Error(graph: string): Promise<number> {
    return this.retrying(({ connection }) => connection.sendRequest(Int8Request, graph));
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const running = this.running;
    this.running = undefined;
    if (!running) return;
    const asked = running.connection.sendRequest(ShutdownRequest).catch(() => undefined);
    await Promise.race([asked.then(() => running.ended), running.ended, delay(CANCEL_GRACE_MS)]);
    running.child.kill('SIGKILL');
  }

  private get loaded(): LoadedModel {
    if (!this.known) throw new Error('the model is not loaded yet');
    return this.known;
  }

  /** Runs `call` on a living process; where that dies meanwhile, on the next one. */
  private async retrying<T>(call: (running: Running) => Promise<T>, signal?: AbortSignal): Promise<T> {
    let reason = '';
    for (let deaths = 0; deaths < MAX_DEATHS; deaths++) {
      signal?.throwIfAborted();
      if (this.disposed) throw new DOMException('the model was closed', 'AbortError');
      this.running ??= this.spawn();
      const running = this.running;
      const death = running.ended.then((why) => ({ why }));
      const done = call(running).then((value) => ({ value }));
      done.catch(() => undefined); // a request whose process died is answered by `death`
      const outcome = await Promise.race([done, death]).catch((error: unknown) => {
        if (running.child.exitCode === null && running.child.signalCode === null)
          throw fromResponseError(error);
        return death; // the connection reports its end before the process does
      });
      if ('value' in outcome) return outcome.value;
      reason = outcome.why;
    }
    throw new ModelCrashedError(
      `the scoring process ended ${MAX_DEATHS} times on the same request (${reason})`,
    );
  }

  /** A process that does not heed a cancel within the grace is killed. */
  private async cancellable(
    { child, loaded, scoring }: Running,
    requests: readonly LikelihoodRequest[],
    options: ScoreOptions,
  ): Promise<ScoreResult> {
    await loaded;
    const { signal } = options;
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      timer = setTimeout(() => child.kill('SIGKILL'), CANCEL_GRACE_MS);
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await scoring.score(requests, options);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }

  private spawn(): Running {
    const { worker, folder, threads, execPath, log, runtime = 'auto', server } = this.options;
    const child = fork(worker, [], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(execPath ? { execPath } : {}),
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log?.(text.trimEnd()));
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
    }).then((why) => {
      connection.dispose();
      if (this.running?.child === child) this.running = undefined;
      if (this.disposed) return why;
      log?.(`the scoring process ended: ${why}`);
      const native = runtime === 'auto' && !server && !this.known && !this.nativeDeath;
      if (native && ++this.deathsWhileLoading >= NATIVE_DEATHS) {
        this.nativeDeath = `it died while it was loaded (${why})`;
        log?.('trying ONNX Runtime as WebAssembly instead of the native one');
      }
      return why;
    });
    connection.onError(() => undefined); // a broken channel shows as the end of the process
    const scoring = new ScoringClient(connection);
    connection.listen();
    const loaded = connection.sendRequest(LoadRequest, {
      folder,
      runtime: this.nativeDeath === undefined ? runtime : 'wasm',
      ...(server ? { server } : {}),
      ...(threads === undefined ? {} : { threads }),
    });
    loaded.catch(() => undefined); // whoever waits for it sees the error
    return { child, connection, scoring, loaded, ended };
  }
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
