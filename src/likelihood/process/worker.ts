import {
  type CancellationToken,
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { ContextTooLongError, type LikelihoodModel, UnanswerableError } from '../likelihood-model';
import { ModelFolderError } from '../model-folder-error';
import { int8Error } from '../onnx/int8-check';
import { loadModel } from '../onnx/load-model';
import { openRuntime, type Runtime } from '../onnx/runtime';
import { ExchangeError, openServer, ServerError } from '../server';
import {
  Int8Request,
  LoadRequest,
  ProgressNotification,
  ScoreRequest,
  ShutdownRequest,
  type WireError,
} from './protocol';
import { fromWire } from './wire';

/**
 * The scoring process: holds one model and answers requests over the channel it was forked with. It lives no longer than
 * its parent, and leaves Ctrl-C to it.
 */
function main(): void {
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit());
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  let model: LikelihoodModel | undefined;
  let runtime: Runtime | undefined;

  connection.onRequest(LoadRequest, async ({ folder, threads, runtime: choice, server }, token) => {
    try {
      const previous = model;
      model = undefined;
      await previous?.dispose();
      if (server) {
        const opened = await openServer(server, abortSignal(token));
        model = opened.model;
        const { id, window, judges } = model;
        return { id, window, judges, found: opened.found };
      }
      const opened = await openRuntime(choice);
      const { fallback } = opened;
      runtime = opened.runtime;
      model = await loadModel(folder, { runtime, ...(threads === undefined ? {} : { threads }) });
      const { id, window, judges } = model;
      const { version: runtimeVersion } = runtime;
      return { id, window, judges, runtimeVersion, ...(fallback === undefined ? {} : { fallback }) };
    } catch (error) {
      return toResponseError(error);
    }
  });

  connection.onRequest(ScoreRequest, async ({ job, overflow, reuse, ...wire }, token) => {
    if (!model) return new ResponseError<WireError>(ErrorCodes.ServerNotInitialized, 'no model is loaded');
    try {
      return await model.score(fromWire(wire), {
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

  connection.onRequest(Int8Request, async (graph) => {
    if (!runtime) return new ResponseError<WireError>(ErrorCodes.ServerNotInitialized, 'no model is loaded');
    return int8Error(runtime, graph).catch(toResponseError);
  });

  connection.onRequest(ShutdownRequest, async () => {
    await model?.dispose();
    setImmediate(() => process.disconnect());
    return null;
  });
  connection.listen();
}

function abortSignal(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

function toResponseError(error: unknown): ResponseError<WireError> {
  const message = error instanceof Error ? error.message : String(error);
  return new ResponseError<WireError>(ErrorCodes.InternalError, message, wireError(error));
}

function wireError(error: unknown): WireError | undefined {
  if (error instanceof ModelFolderError) return { kind: 'model-folder' };
  if (error instanceof UnanswerableError) return { kind: 'unanswerable' };
  if (error instanceof ServerError) {
    return { kind: 'server', wantsKey: error instanceof ExchangeError && error.kind === 'key' };
  }
  if (error instanceof ContextTooLongError) {
    return { kind: 'context-too-long', request: error.request, tokens: error.tokens, window: error.window };
  }
  return error instanceof DOMException && error.name === 'AbortError' ? { kind: 'cancelled' } : undefined;
}

main();
