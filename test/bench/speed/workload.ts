import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { prepare } from '../../../src/cpmi/score-trajectory';
import { type CpmiSettings, DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import type { LikelihoodRequest, Text } from '../../../src/likelihood/likelihood-model';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { readTrajectories, type Trajectory } from '../../../src/trajectory';

export const MODEL = resolve('model');
const DEV = resolve('../shared/data/bench/dev.jsonl');
const EXAMPLES = resolve('examples/traces.jsonl');
/** The labelled development split where it is there, else the examples. */
export const DEFAULT_FILE = existsSync(DEV) ? DEV : EXAMPLES;

/** The paper's setting, on the given estimator. */
export const PAPER: CpmiSettings = {
  ...DEFAULT_SETTINGS,
  estimator: 'incremental',
  templates: 4,
  negatives: 4,
};

/** One request as token ids. */
export interface TokenRequest {
  readonly context: readonly number[];
  readonly target: readonly number[];
}

/** The first `count` scorable traces of a file. */
export async function readTraces(file: string, count: number): Promise<Trajectory[]> {
  const found: Trajectory[] = [];
  for await (const item of readTrajectories({ path: file })) {
    if (!('trajectory' in item) || item.trajectory.steps.length === 0) continue;
    found.push(item.trajectory);
    if (found.length === count) break;
  }
  return found;
}

export const requestsOf = (trace: Trajectory, settings: CpmiSettings): readonly LikelihoodRequest[] =>
  prepare(trace, settings).plan.requests;

/** A function that tokenises requests as the product does: each piece by itself, the ids joined. */
export async function tokeniser(): Promise<(requests: readonly LikelihoodRequest[]) => TokenRequest[]> {
  const { encode } = await loadTokenizer(MODEL);
  const flatten = (text: Text): number[] => [
    ...(text.before ? flatten(text.before) : []),
    ...encode(text.piece, text.frame),
  ];
  return (requests) =>
    requests.map(({ context, target }) => ({ context: flatten(context), target: encode(target) }));
}
