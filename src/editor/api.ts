import type * as vscode from 'vscode';
import type { TraceDocuments } from './document/trace-documents';
import type { ModelHost } from './scoring/model-host';

/** A trace of an open file, as it is shown. */
export interface TraceSummary {
  readonly id: string;
  readonly state: 'idle' | 'waiting' | 'running' | 'failed';
  /** The rewards belong to an older text. */
  readonly stale: boolean;
  /** One a step, in nats per token; null where there is none. */
  readonly rewards: readonly (number | null)[];
}

/** What the extension offers to other extensions, and to its tests: reading only. */
export interface SteplensApi {
  /** The traces of an open file; undefined where it is no trace file or not read to its end yet. */
  traces(uri: vscode.Uri): readonly TraceSummary[] | undefined;
  /** How long the activation took, without loading the code, in ms. */
  readonly activationMs: number;
  /** Process id of the scoring process, while there is one. */
  scoringProcess(): number | undefined;
  /** What runs the loaded model: `native`, `wasm`; undefined while none is loaded. */
  runtime(): string | undefined;
}

export function createApi(documents: TraceDocuments, host: ModelHost, activationMs: number): SteplensApi {
  return {
    activationMs,
    traces(uri) {
      const document = documents.byUri(uri.toString());
      if (!document?.isRead) return undefined;
      return document.traces.map((trace) => ({
        id: trace.id,
        state: trace.state.kind,
        stale: trace.stale,
        rewards: trace.trajectory.steps.map(({ index }) => trace.stepReward(index)?.reward ?? null),
      }));
    },
    scoringProcess: () => host.pid,
    runtime: () => host.loaded?.id.runtime,
  };
}
