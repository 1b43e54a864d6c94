import type { ReadContext, TraceFormat } from '../formats/format';
import { PatternError, type Splitting, splitPlaced } from '../splitting';
import type { RecordProblem, Trajectory } from '../trajectory';
import { completeTrajectory } from './complete';
import { withExtents } from './extent';
import { UniqueIds } from './ids';
import type { FileRecord } from './records';
import { isProblem } from './splitter';

export type ReadItem = { readonly trajectory: Trajectory } | { readonly problem: RecordProblem };

/** Reads one record; `ordinal` is its place in the file, from 1. */
export type RecordReader = (record: FileRecord | RecordProblem, ordinal: number) => Iterable<ReadItem>;

/** Records whose text the custom pattern may run out of time on before the reading is given up. */
const MAX_SLOW = 5;

/**
 * Reads the records of one file, in order.
 * @param memory what the format has learnt from records before these
 */
export function recordReader(
  format: TraceFormat,
  name: string,
  splitting: Splitting,
  memory = new Map<string, string>(),
): RecordReader {
  const context: ReadContext = {
    name,
    memory,
    split: (text, given) => splitPlaced(text, splitting, given),
  };
  const ids = new UniqueIds();
  let slow = 0;
  return function* (record, ordinal) {
    if (isProblem(record)) {
      yield { problem: record };
      return;
    }
    try {
      yield* readRecord(record, { format, context, ids, ordinal, resplit: splitting !== 'given' });
    } catch (error) {
      // A pattern that is slow on one text costs that record; one that is slow everywhere would cost the night.
      if (!(error instanceof PatternError) || ++slow > MAX_SLOW) throw error;
      yield { problem: { line: record.line, reason: error.message } };
    }
  };
}

interface Reading {
  readonly format: TraceFormat;
  readonly context: ReadContext;
  readonly ids: UniqueIds;
  readonly ordinal: number;
  readonly resplit: boolean;
}

function readRecord(record: FileRecord, reading: Reading): ReadItem[] {
  const { format, context, ids, ordinal } = reading;
  const { source, line } = record;
  const found: (Trajectory | string)[] = [];
  let part = 0;
  for (const result of format.read(record, context)) {
    if ('problem' in result) {
      found.push(result.problem);
      continue;
    }
    const id = result.id ?? `#${ordinal}${part > 0 ? `.${part + 1}` : ''}`;
    const origin = {
      id: ids.take(id, ordinal, part++),
      format: format.id,
      line,
      start: source.base,
      end: source.base + source.text.length,
      ...(record.member !== undefined && { member: record.member }),
      ...(reading.resplit && { resplit: context.split }),
    };
    found.push(completeTrajectory(result, origin));
  }
  const placed = withExtents(
    found.filter((item) => typeof item !== 'string'),
    source,
    line,
  )[Symbol.iterator]();
  return found.map((item) => {
    const next = typeof item === 'string' ? undefined : placed.next().value;
    return next ? { trajectory: next } : { problem: { line, reason: String(item) } };
  });
}
