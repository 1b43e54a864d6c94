import { type FieldMapping, fieldsFormat } from '../fields';
import type { FormatSample, TraceFormat } from '../formats/format';
import { FORMATS } from '../formats/registry';
import type { GoldAnswers } from '../gold/gold-answers';
import { checkPattern, type Splitting } from '../splitting';
import { chooseFormat, type DetectedFormat, rankFormats } from './detect';
import { followFile } from './follow';
import { openFile } from './open';
import { type ReadItem, recordReader } from './record-reader';
import type { TraceSource } from './source';
import { isProblem } from './splitter';

export type { ReadItem } from './record-reader';

export interface ReadOptions {
  /** Id of the format to read the file as; without it the format is detected. */
  readonly format?: string;
  /** Where records of an unknown schema say what a trace needs; goes before `format`. */
  readonly fields?: FieldMapping;
  /** Right answers for traces whose file has none. */
  readonly gold?: GoldAnswers;
  /** How many trajectories to read at most. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  /** How steps are cut; `given` by default. */
  readonly splitting?: Splitting;
  /** Whether to wait at the end of a file (`path`) for what is written to it, until the signal fires. */
  readonly follow?: boolean;
}

/** No format has the id that was asked for. */
export class UnknownFormatError extends Error {
  override readonly name = 'UnknownFormatError';
  constructor(readonly id: string) {
    super(`there is no format "${id}"; the formats are ${FORMATS.map((format) => format.id).join(', ')}`);
  }
}

/**
 * Reads the traces of a file, a stream or a text, in the order of the file and as they come: nothing is held but the
 * record being read (at most 16 MB) and the first ones, by which the format is told. Spans and lines are those of the
 * decoded text. A record that cannot be read is a problem in its place; the reading goes on.
 * @throws {UnknownFormatError} `options.format` names no format
 * @throws {FieldsError} `options.fields` holds a malformed path
 * @throws {PatternError} `options.splitting` is a malformed pattern, or one that runs into its time limit again and again
 * @throws {DOMException} `AbortError` when the signal fires
 * @throws the file system's own errors, such as a missing file
 */
export async function* readTrajectories(
  source: TraceSource,
  options: ReadOptions = {},
): AsyncGenerator<ReadItem> {
  if (typeof options.splitting === 'object') checkPattern(options.splitting.pattern);
  const forced = formatIn(options);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let found = 0;
  if (limit <= 0) return;
  const follow = options.follow === true && 'path' in source ? source.path : undefined;
  const items =
    follow === undefined
      ? readAll(source, forced, options)
      : followFile(
          follow,
          forced,
          (stream, sample) => readAll(stream, forced, options, sample),
          options.signal,
        );
  for await (const item of items) {
    options.signal?.throwIfAborted();
    if (!('trajectory' in item)) {
      yield item;
      continue;
    }
    yield options.gold ? { trajectory: options.gold.join(item.trajectory) } : item;
    if (++found >= limit) return;
  }
}

/**
 * Tells what a source holds, from its beginning: all formats it can be read as, the most likely first.
 * @throws the file system's own errors
 */
export async function detectFormat(source: TraceSource): Promise<DetectedFormat[]> {
  const file = await openFile(source);
  try {
    return rankFormats(file.sample);
  } finally {
    await file.close();
  }
}

/** The format that the caller has chosen. @throws {UnknownFormatError | FieldsError} */
export function formatIn({ fields, format }: ReadOptions): TraceFormat | undefined {
  if (fields) return fieldsFormat(fields);
  return format === undefined ? undefined : formatOf(format);
}

function formatOf(id: string): TraceFormat {
  const format = FORMATS.find((candidate) => candidate.id === id);
  if (!format) throw new UnknownFormatError(id);
  return format;
}

async function* readAll(
  source: TraceSource,
  forced: TraceFormat | undefined,
  options: ReadOptions,
  known?: FormatSample,
): AsyncGenerator<ReadItem> {
  const file = await openFile(source, known);
  const { sample } = file;
  try {
    let format = forced ?? chooseFormat(sample);
    if (!format && (sample.records.length > 0 || sample.shape === 'text')) {
      yield unrecognised(sample);
      return;
    }
    let ordinal = 0;
    let read = format && recordReader(format, sample.name, options.splitting ?? 'given');
    for await (const record of file.records(format)) {
      options.signal?.throwIfAborted();
      ordinal++;
      // Where no record at the beginning could be read, the first good one tells the format.
      if (!read && !isProblem(record) && record.node) {
        format = chooseFormat({ ...sample, records: [record.node] });
        if (!format) {
          yield unrecognised({ ...sample, records: [record.node] });
          return;
        }
        read = recordReader(format, sample.name, options.splitting ?? 'given');
      }
      if (read) yield* read(record, ordinal);
      else if (isProblem(record)) yield { problem: record };
    }
    if (ordinal === 0) yield unrecognised(sample);
  } finally {
    await file.close();
  }
}

/** A file that no format knows. */
function unrecognised({ records, shape }: FormatSample): ReadItem {
  const [first] = records;
  if (!first) {
    const what =
      shape === 'archive' ? 'no samples/*.json, as Inspect logs have them' : 'no JSON record and no text';
    return { problem: { line: 1, reason: `the file holds no trace: ${what}` } };
  }
  const fields = first.kind === 'object' ? first.keys.slice(0, 12).join(', ') : undefined;
  const seen = fields === undefined ? 'the records are no objects' : `the records have the fields ${fields}`;
  return { problem: { line: 1, reason: `no known trace format: ${seen}` } };
}
