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
    const source = new CancellationTokenSource();
    const cancel = () => source.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (onProgress) this.progress.set(job, onProgress);
    const how = { ...(overflow ? { overflow } : {}), ...(reuse ? { reuse } : {}) };
    try {
      return await this.connection.sendRequest(
        ScoreRequest,
        { job, ...toWire(requests), ...how },
        source.token,
      );
    } catch (error) {
      throw fromResponseError(error);
    } finally {
      this.progress.delete(job);
      signal?.removeEventListener('abort', cancel);
      source.dispose();
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

/** A request's cancellation as a signal. */
export function abortSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
