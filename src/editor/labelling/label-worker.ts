import { type MessagePort, parentPort } from 'node:worker_threads';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { LabelError } from '../../labels/label-error';
import { labelFile } from '../../labels/label-file';
import { abortSignal, ScoringClient } from '../../likelihood/process/scoring-channel';
import { toResponseError } from '../../likelihood/process/wire-error';
import { checkTerms, recognise } from '../reading/recognise';
import {
  connectTo,
  type LabelFault,
  type LabelOrder,
  LabelProgressNotification,
  LabelRequest,
  ProblemNotification,
} from './protocol';

/**
 * The labelling thread: reads a file, has its traces scored by the model at the other end, and writes the labels, so that
 * even a record of many megabytes never holds up the extension host. It lives for one file.
 */
if (parentPort) serve(parentPort);

function serve(port: MessagePort): void {
  const connection = connectTo(port);
  const client = new ScoringClient(connection);
  connection.onRequest(LabelRequest, async ({ source, terms, model, ...how }, token) => {
    try {
      const reading = await readingOf(source, terms);
      const remote = {
        ...model,
        score: client.score.bind(client),
        dispose: async () => {}, // it is the other end's
      };
      return await labelFile(
        { source, model: remote, ...how, ...reading },
        {
          signal: abortSignal(token),
          onProgress: (progress) => void connection.sendNotification(LabelProgressNotification, progress),
          onProblem: ({ line, reason }) =>
            void connection.sendNotification(ProblemNotification, { line, reason }),
        },
      );
    } catch (error) {
      return answerOf(error);
    }
  });
  connection.listen();
}

/**
 * How the file is read: as it is shown.
 * @throws {LabelError} a setting cannot be used: labels are not made by other ones unsaid
 */
async function readingOf(path: string, terms: LabelOrder['terms']) {
  const checked = await checkTerms(terms);
  if (checked.faults.length > 0) throw new LabelError('read', checked.faults.join('; '));
  const found = checked.fields && (await recognise({ path }, checked, 0));
  const fields = found?.options.fields;
  return { ...checked.options, ...(fields && { fields }) };
}

const answerOf = (error: unknown): ResponseError<LabelFault> =>
  error instanceof LabelError
    ? new ResponseError(ErrorCodes.InternalError, error.message, { kind: 'told' })
    : toResponseError(error);
