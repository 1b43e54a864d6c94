import type { InferenceSession } from 'onnxruntime-common';

/** ONNX Runtime's two builds that run here: as a native library of this platform, or as WebAssembly, which runs anywhere. */
export const RUNTIME_NAMES = ['native', 'wasm'] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** `auto`: native, and wasm where that is missing or dies while loading. */
export const RUNTIME_CHOICES = ['auto', ...RUNTIME_NAMES] as const;
export type RuntimeChoice = (typeof RUNTIME_CHOICES)[number];

/** The files that a session is made of. */
export interface GraphFiles {
  /** Path of the graph. */
  readonly graph: string;
  /** Its data files, relative to the graph's folder. */
  readonly data: readonly string[];
}

export interface SessionOptions {
  /** Threads of one operator. Default: the physical cores. */
  readonly threads?: number;
}

/** One of the builds, loaded. */
export interface Runtime {
  readonly name: RuntimeName;
  /** ONNX Runtime's. */
  readonly version: string;
  /** How large graph and weights may be together, whatever memory there is. */
  readonly mostBytes: number;
  /** @throws ONNX Runtime's error where it refuses the graph */
  open(files: GraphFiles, options: SessionOptions): Promise<InferenceSession>;
}

/** A runtime, and why it is not the native one where that was wanted. */
export interface OpenedRuntime {
  readonly runtime: Runtime;
  readonly fallback?: string;
}

/** Errors only: warnings about graph optimisation are of no use to a reader. */
export const LOG_SEVERITY = 3;
