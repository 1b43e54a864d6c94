import {
  type CancellationToken,
  CancellationTokenSource,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { LikelihoodModel, LikelihoodRequest, ScoreOptions, ScoreResult } from '../likelihood-model';
import { ProgressNotification, ScoreRequest } from './protocol';
import { fromWire, toWire } from './wire';
import { fromResponseError, toResponseError, type WireError } from './wire-error';

/**
 * The asking end: sends requests to a model that `serveScoring` has at the other end, and tells errors and progress as if
 * the model were here.
 */
export class ScoringClient {
  private jobs = 0;
  private readonly progress = new Map<number, NonNullable<ScoreOptions['onProgress']>>();

  constructor(private readonly connection: MessageConnection) {
    connection.onNotification(ProgressNotification, ({ job, done, total }) =>
      this.progress.get(job)?.(done, total),
    );
  }

  /** As `LikelihoodModel.score`; and what the connection throws where it ends. */
  async score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    const { signal, overflow, reuse, onProgress } = options;
    signal?.throwIfAborted();
    const job = ++this.jobs;
    const params = {
      job,
      ...toWire(requests),
      ...(overflow ? { overflow } : {}),
      ...(reuse ? { reuse } : {}),
    };
    if (onProgress) this.progress.set(job, onProgress);
    try {
      return await cancellable(signal, (token) => this.connection.sendRequest(ScoreRequest, params, token));
    } catch (error) {
      throw fromResponseError(error);
    } finally {
      this.progress.delete(job);
    }
  }
}

/** The answering end. `model` is asked for with every request; undefined: none is loaded. */
export function serveScoring(connection: MessageConnection, model: () => LikelihoodModel | undefined): void {
  connection.onRequest(ScoreRequest, async ({ job, overflow, reuse, ...wire }, token) => {
    const loaded = model();
    if (!loaded) return new ResponseError<WireError>(ErrorCodes.ServerNotInitialized, 'no model is loaded');
    try {
      return await loaded.score(fromWire(wire), {
        signal: abortSignal(token),
        onProgress: (done, total) =>
          void connection.sendNotification(ProgressNotification, { job, done, total }),
        ...(overflow ? { overflow } : {}),
        ...(reuse ? { reuse } : {}),
      });
    } catch (error) {
      return toResponseError(error);
    }
  });
}

/** Asks something that a signal cancels. @param ask sends the request with this token */
export async function cancellable<T>(
  signal: AbortSignal | undefined,
  ask: (token: CancellationToken) => Promise<T>,
): Promise<T> {
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await ask(source.token);
  } finally {
    signal?.removeEventListener('abort', cancel);
    source.dispose();
  }
}

/** A request's cancellation as a signal, at the end that answers. */
export function abortSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
