import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc/node';
import type { ModelId, ScoreOptions, ScoreResult } from '../likelihood-model';
import type { RuntimeChoice } from '../onnx/runtime';
import type { ServerOptions } from '../server';
import type { WireRequests } from './wire';
import type { WireError } from './wire-error';

/** What the scoring process is asked to load. */
export interface LoadParams {
  readonly folder: string;
  readonly threads?: number;
  readonly runtime: RuntimeChoice;
  /** Servers that score in place of a model folder. Holds keys: it goes nowhere but over the channel. */
  readonly server?: ServerOptions;
}

export interface LoadedModel {
  readonly id: ModelId;
  readonly window: number;
  readonly judges: boolean;
  /** ONNX Runtime's version, where it runs the model. */
  readonly runtimeVersion?: string;
  /** Why ONNX Runtime's native build is not used; absent where it is, or nobody wanted it. */
  readonly fallback?: string;
  /** What the servers were found to be, a line each. */
  readonly found?: readonly string[];
}

export interface ScoreParams extends WireRequests {
  /** Chosen by the caller; progress notifications carry it. */
  readonly job: number;
  readonly overflow?: ScoreOptions['overflow'];
  readonly reuse?: ScoreOptions['reuse'];
}

export interface ScoreProgress {
  readonly job: number;
  readonly done: number;
  readonly total: number;
}

export const LoadRequest = new RequestType<LoadParams, LoadedModel, WireError>('load');
export const ScoreRequest = new RequestType<ScoreParams, ScoreResult, WireError>('score');
export const ProgressNotification = new NotificationType<ScoreProgress>('progress');
/** Asks for the error of 8-bit sums by the graph at a path; see int8-check.ts. */
export const Int8Request = new RequestType<string, number, WireError>('int8');
/** Answered once the model is released; the process then ends by itself. */
export const ShutdownRequest = new RequestType0<null, void>('shutdown');
