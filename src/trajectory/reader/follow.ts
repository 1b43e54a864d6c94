import { basename } from 'node:path';
import type { FormatSample, TraceFormat } from '../formats/format';
import { openFile } from './open';
import type { ReadItem } from './record-reader';
import type { TraceSource } from './source';
import { pause, Tail, type TailEnd } from './tail';

/** Reads a source of which the beginning is known. */
type ReadKnown = (source: TraceSource, sample: FormatSample) => AsyncIterable<ReadItem>;

const ENDS: Readonly<Record<TailEnd, string>> = {
  truncated: 'the file was cut short or rewritten; it is read again from its start',
  replaced: 'another file has been given this name; it is read from its start',
};

/**
 * Follows a file that grows: gives what is there, then each record as soon as it is complete, until the signal fires. Lines
 * count anew where the file is rewritten or replaced, which is told as a problem.
 * @throws {DOMException} `AbortError` @throws the file system's own errors, such as a missing file
 */
export async function* followFile(
  path: string,
  forced: TraceFormat | undefined,
  read: ReadKnown,
  signal?: AbortSignal,
): AsyncGenerator<ReadItem> {
  let sample = await firstSample(path, signal);
  for (;;) {
    if (sample.shape === 'archive' || sample.shape === 'text' || forced?.reads === 'text') {
      yield {
        problem: { line: 1, reason: 'only JSON lines, arrays and values can be followed as they grow' },
      };
      return;
    }
    const tail = new Tail(path, signal);
    yield* read({ stream: tail.bytes(), name: basename(path) }, sample);
    if (!tail.ended) return;
    yield { problem: { line: 1, reason: ENDS[tail.ended] } };
    sample = await nextSample(path, signal);
  }
}

/** The beginning of the file, as soon as it holds a record or a line of text. */
async function firstSample(path: string, signal?: AbortSignal): Promise<FormatSample> {
  for (;;) {
    const file = await openFile({ path });
    const { sample } = file;
    await file.close();
    const { records, shape, text } = sample;
    if (shape === 'archive' || (shape === 'text' ? text.includes('\n') : records.length > 0)) return sample;
    await pause(signal);
  }
}

/** As `firstSample`, for a name that no file may have for a while. */
async function nextSample(path: string, signal?: AbortSignal): Promise<FormatSample> {
  for (;;) {
    try {
      return await firstSample(path, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await pause(signal);
    }
  }
}
