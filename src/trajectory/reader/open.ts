import type { FormatSample, TraceFormat } from '../formats/format';
import type { JsonNode } from '../json';
import type { RecordProblem } from '../trajectory';
import { archiveRecords } from './archive';
import { headOf, sampleArchive, sampleText } from './detect';
import { type FileRecord, type Layout, recordsOf } from './records';
import { Rewindable } from './rewindable';
import { signatureOf } from './signatures';
import { openSource, type TraceSource } from './source';

/** A source of which the beginning was read. */
export interface OpenFile {
  readonly sample: FormatSample;
  /** All records, from the start, laid out as the format wants them. To be called once. */
  records(format?: TraceFormat): AsyncIterable<FileRecord | RecordProblem>;
  /** How the records are laid out for a format. */
  layout(format?: TraceFormat): Layout;
  close(): Promise<void>;
}

/**
 * Opens a source and reads its beginning.
 * @param known what its beginning holds, where that was looked at before: then nothing is read until the records are
 */
export async function openFile(source: TraceSource, known?: FormatSample): Promise<OpenFile> {
  const opened = await openSource(source);
  if (opened.kind === 'archive') {
    const items = new Rewindable(archiveRecords(opened.bytes));
    const sample = await sampleArchive(items, opened.name);
    const layout = (): Layout => ({ shape: 'text' });
    return { sample, layout, records: () => items.read(), close: () => items.close() };
  }
  const chunks = new Rewindable(opened.chunks);
  const sample = known ?? (await sampleText(chunks, opened.name));
  const isJson = sample.shape === 'array' || sample.shape === 'values';
  const least = isJson && !known ? await lineStartIn(chunks) : undefined;
  const layout = (format?: TraceFormat): Layout => {
    const shape = format?.reads === 'text' || sample.shape === 'archive' ? 'text' : sample.shape;
    const whole = format?.wholeArray?.(sample) === true;
    const [first] = sample.records;
    const { elements } = format ?? {};
    const streamed = elements !== undefined && first?.kind === 'object' && first.array(elements);
    const values = streamed ? (first.array(elements)?.items ?? []) : sample.records;
    // What stands further in than the file's one object is a part of it.
    const lineStart = sample.shape === 'array' || streamed || least === '\n{' ? least : undefined;
    const begin = { signatures: signaturesOf(values), ...(lineStart === undefined ? {} : { lineStart }) };
    return { shape, whole, ...begin, ...(streamed ? { elements } : {}) };
  };
  const records = (format?: TraceFormat) => recordsOf(chunks.read(), layout(format));
  return { sample, layout, records, close: () => chunks.close() };
}

/**
 * How a line begins on which a value of the array begins: of the lines that begin with a brace those with the least
 * indentation, for what is inside a value stands further in. Undefined where the file is not laid out in lines.
 */
async function lineStartIn(chunks: Rewindable<string>): Promise<string | undefined> {
  const head = await headOf(chunks);
  let least: string | undefined;
  for (const [line] of head.matchAll(/\n[ \t]{0,64}\{/g)) {
    if (least === undefined || line.length < least.length) least = line;
  }
  return least;
}

/** How the values begin, those first that begin as others do: among the remains of a broken one are some that do not. */
function signaturesOf(values: readonly JsonNode[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    const signature =
      value.kind === 'object' ? signatureOf(value.source.text.slice(value.start, value.end)) : undefined;
    if (signature !== undefined) counts.set(signature, (counts.get(signature) ?? 0) + 1);
  }
  const most = Math.max(...counts.values(), 1);
  return [...counts].filter(([, count]) => most < 3 || count > 1).map(([signature]) => signature);
}

/** The records of a source without a format. */
export async function* readRecords(source: TraceSource): AsyncGenerator<FileRecord | RecordProblem> {
  const file = await openFile(source);
  try {
    yield* file.records();
  } finally {
    await file.close();
  }
}
