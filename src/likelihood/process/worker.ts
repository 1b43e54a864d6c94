import {
  createMessageConnection,
  ErrorCodes,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { LikelihoodModel } from '../likelihood-model';
import { int8Error } from '../onnx/int8-check';
import { loadModel } from '../onnx/load-model';
import { openRuntime, type Runtime } from '../onnx/runtime';
import { openServer } from '../server';
import { Int8Request, LoadRequest, ShutdownRequest } from './protocol';
import { abortSignal, serveScoring } from './scoring-channel';
import { toResponseError, type WireError } from './wire-error';

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

  serveScoring(connection, () => model);

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

main();
