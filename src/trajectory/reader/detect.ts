import type { FileShape, FormatSample, TraceFormat } from '../formats/format';
import { FORMATS } from '../formats/registry';
import { type JsonNode, parseBeginning } from '../json';
import type { RecordProblem } from '../trajectory';
import { type FileRecord, recordsOf } from './records';
import type { Rewindable } from './rewindable';
import { HEAD, HEAD_LIMIT, shapeOf } from './shape';
import { isProblem, MAX_RECORD } from './splitter';

/** What a file was recognised as. */
export interface DetectedFormat {
  readonly id: string;
  readonly label: string;
  /** From 0 to 1. */
  readonly confidence: number;
  /** What was seen in the file. */
  readonly reason: string;
}

/** Records that are looked at to tell the format. */
const SAMPLE_RECORDS = 20;
const SAMPLE_SIZE = 1024 * 1024;

/** All formats that a sample can be read as, the most likely first. */
export function rankFormats(sample: FormatSample): DetectedFormat[] {
  const ranked: DetectedFormat[] = [];
  for (const { id, label, detect } of FORMATS) {
    const detection = detect(sample);
    if (detection) ranked.push({ id, label, ...detection });
  }
  return ranked.sort((a, b) => b.confidence - a.confidence);
}

/** The format that a sample is to be read as; undefined where none fits. */
export function chooseFormat(sample: FormatSample): TraceFormat | undefined {
  const best = rankFormats(sample)[0];
  return FORMATS.find((format) => format.id === best?.id);
}

/** A text's shape and beginning; the chunks can be read from the start afterwards. */
export async function sampleText(
  chunks: Rewindable<string>,
  name: string,
): Promise<FormatSample & { readonly shape: Exclude<FileShape, 'archive'> }> {
  const head = await headOf(chunks);
  const shape = shapeOf(head, name);
  if (shape === 'text') return { name, shape, records: [], text: head };
  const large = shape === 'values' ? await largeObject(chunks, name) : undefined;
  if (large) return large;
  const records: JsonNode[] = [];
  let size = 0;
  let broken = false;
  for await (const item of recordsOf(counted(chunks.peek(), MAX_RECORD + SAMPLE_SIZE), { shape })) {
    if (!isProblem(item)) size += take(item, records);
    else if (records.length === 0) broken = true;
    if (records.length >= SAMPLE_RECORDS || size > SAMPLE_SIZE) break;
  }
  const begun = shape === 'values' && broken ? beginningOf(head, name) : undefined;
  return begun ?? { name, shape, records, text: '' };
}

/** As sure as that, a format is told from the beginning of an object alone. */
const SURE = 0.9;

/** One object too large for a look at the whole of it, in a format that reads such an object piece by piece. */
async function largeObject(chunks: Rewindable<string>, name: string) {
  const head = await headOf(chunks, HEAD_LIMIT);
  return head.length < HEAD_LIMIT ? undefined : beginningOf(head, name);
}

/** An object that is cut off or broken somewhere, or is too large to be looked at as a whole. */
function beginningOf(head: string, name: string) {
  const begun = parseBeginning(head);
  if (begun?.kind !== 'object') return undefined;
  const sample = { name, shape: 'values', records: [begun], text: '' } as const;
  const fits = ({ elements, detect }: TraceFormat) =>
    elements !== undefined && begun.array(elements) && (detect(sample)?.confidence ?? 0) >= SURE;
  return FORMATS.some(fits) ? sample : undefined;
}

/** The first records of an archive. */
export async function sampleArchive(
  items: Rewindable<FileRecord | RecordProblem>,
  name: string,
): Promise<FormatSample> {
  const records: JsonNode[] = [];
  for await (const item of items.peek()) {
    if (!isProblem(item)) take(item, records);
    if (records.length >= 3) break;
  }
  return { name, shape: 'archive', records, text: '' };
}

/** At least `enough` characters with a line end, or `HEAD_LIMIT` characters, or all there is. */
export async function headOf(chunks: Rewindable<string>, enough = HEAD): Promise<string> {
  let text = '';
  for await (const chunk of chunks.peek()) {
    text += chunk;
    if ((text.length >= enough && text.includes('\n')) || text.length >= HEAD_LIMIT) break;
  }
  return text.slice(0, HEAD_LIMIT);
}

/** Chunks up to a size: of a file without one good record no more than that is kept in memory. */
async function* counted(chunks: AsyncIterable<string>, limit: number): AsyncGenerator<string> {
  let length = 0;
  for await (const chunk of chunks) {
    yield chunk;
    length += chunk.length;
    if (length > limit) return;
  }
}

function take(record: FileRecord, records: JsonNode[]): number {
  const { node } = record;
  if (node?.kind === 'object' || node?.kind === 'array') records.push(node);
  return record.source.text.length;
}
