import type { MessagePort, Worker } from 'node:worker_threads';
import {
  createMessageConnection,
  type MessageConnection,
  NotificationType,
  PortMessageReader,
  PortMessageWriter,
  RequestType,
} from 'vscode-jsonrpc/node';
import type { CpmiSettings } from '../../cpmi/settings';
import type { LabelResult } from '../../labels/label-task';
import type { LabelProgress } from '../../labels/run/rate';
import type { ModelId } from '../../likelihood/likelihood-model';
import type { WireError } from '../../likelihood/process/wire-error';
import type { RecordProblem } from '../../trajectory/trajectory';
import type { ReadingTerms } from '../reading/terms';

/** A file to be labelled. Its model is asked over the same connection, by the requests of a `ScoringClient`. */
export interface LabelOrder {
  /** Path of the trace file. */
  readonly source: string;
  readonly settings: CpmiSettings;
  readonly overflow: 'error' | 'cut-left';
  /** Whether an output that is there already is overwritten. */
  readonly force: boolean;
  /** How the file is read: as it is shown. */
  readonly terms: ReadingTerms;
  readonly model: { readonly id: ModelId; readonly window: number; readonly judges: boolean };
}

/** The data of an error response. `told`: the message says to the person what to do; else as the model's errors. */
export type LabelFault = { readonly kind: 'told' } | WireError;

/** One end of the connection between the extension host and the labelling thread; still to be listened on. */
export const connectTo = (other: MessagePort | Worker): MessageConnection =>
  createMessageConnection(new PortMessageReader(other), new PortMessageWriter(other));

export const LabelRequest = new RequestType<LabelOrder, LabelResult, LabelFault>('label');
export const LabelProgressNotification = new NotificationType<LabelProgress>('label-progress');
export const ProblemNotification = new NotificationType<RecordProblem>('problem');
