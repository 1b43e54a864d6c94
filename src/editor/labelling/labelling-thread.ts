import { Worker } from 'node:worker_threads';
import { ResponseError } from 'vscode-jsonrpc/node';
import type { LabelResult, LabelWatch } from '../../labels/label-task';
import type { LikelihoodModel } from '../../likelihood/likelihood-model';
import { cancellable, serveScoring } from '../../likelihood/process/scoring-channel';
import { fromResponseError } from '../../likelihood/process/wire-error';
import { CommandError } from '../targets';
import {
  connectTo,
  type LabelFault,
  type LabelOrder,
  LabelProgressNotification,
  LabelRequest,
  ProblemNotification,
} from './protocol';

/**
 * Labels a file in a thread of its own, which asks the model of this one.
 * @param script the bundled `trace-labeller.js`
 * @throws {CommandError} for all that the person can mend; {DOMException} `AbortError` when the signal fires; what the
 * model throws; {Error} the thread failed
 */
export async function labelInThread(
  script: string,
  order: Omit<LabelOrder, 'model'>,
  model: LikelihoodModel,
  { signal, onProgress, onProblem }: LabelWatch,
): Promise<LabelResult> {
  signal?.throwIfAborted();
  const thread = new Worker(script, { name: 'steplens labelling' });
  const connection = connectTo(thread);
  const failed = new Promise<never>((_, reject) => {
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the labelling thread ended with code ${code}`)));
  });
  failed.catch(() => undefined); // it always ends, mostly after the answer
  serveScoring(connection, () => model);
  connection.onNotification(LabelProgressNotification, (progress) => onProgress?.(progress));
  connection.onNotification(ProblemNotification, (problem) => onProblem?.(problem));
  connection.onError(() => undefined); // shows as the end of the thread
  connection.listen();

  const { id, window, judges } = model;
  const asked = { ...order, model: { id, window, judges } };
  try {
    return await Promise.race([
      cancellable(signal, (token) => connection.sendRequest(LabelRequest, asked, token)),
      failed,
    ]);
  } catch (error) {
    const isTold = error instanceof ResponseError && (error.data as LabelFault | undefined)?.kind === 'told';
    throw isTold ? new CommandError(error.message) : fromResponseError(error);
  } finally {
    connection.dispose();
    await thread.terminate();
  }
}
