import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type ReadItem,
  type ReadOptions,
  readSource,
  readTrajectories,
  type TraceSource,
  type Trajectory,
} from '../../../src/trajectory';
import type { RecordProblem, SourceText } from '../../../src/trajectory/trajectory';

export interface Reading {
  readonly trajectories: Trajectory[];
  readonly problems: RecordProblem[];
}

/** Reads a source to its end. */
export async function readAll(source: TraceSource, options?: ReadOptions): Promise<Reading> {
  const reading: Reading = { trajectories: [], problems: [] };
  for await (const item of readTrajectories(source, options)) sort(item, reading);
  return reading;
}

function sort(item: ReadItem, reading: Reading): void {
  if ('problem' in item) reading.problems.push(item.problem);
  else reading.trajectories.push(item.trajectory);
}

export async function readText(text: string, name = 'traces.jsonl', options?: ReadOptions): Promise<Reading> {
  return readAll({ text, name }, options);
}

/** A stream of the bytes, cut at the given places. */
export function streamOf(bytes: Uint8Array, cuts: readonly number[] = []): TraceSource {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const place of [...places, bytes.length]) {
      if (place > from) yield bytes.subarray(from, place);
      from = place;
    }
  }
  return { stream: chunks(), name: 'traces.jsonl' };
}

/** Every text of a trajectory that has a place in the file. */
export function textsOf(trajectory: Trajectory): SourceText[] {
  const observations = trajectory.steps.flatMap((step) => (step.observation ? [step.observation] : []));
  const gold = trajectory.goldAnswer ? [trajectory.goldAnswer] : [];
  return [trajectory.question, ...trajectory.steps, ...observations, ...gold];
}

/** The texts whose spans do not give them. Texts without spans are passed over. */
export function misplaced(fileText: string, trajectories: readonly Trajectory[]): SourceText[] {
  return trajectories.flatMap(textsOf).filter((source) => {
    const read = readSource(fileText, source);
    return read !== undefined && read !== source.text;
  });
}

/** Steps that stand nowhere in the file. */
export function unplaced(trajectories: readonly Trajectory[]): number {
  return trajectories.flatMap((trajectory) => trajectory.steps).filter((step) => step.spans.length === 0)
    .length;
}

/** Bytes of the heap that are in use, garbage taken away. */
export function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
