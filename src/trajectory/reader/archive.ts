import { TextDecoder } from 'node:util';
import { Unzip, type UnzipFile, UnzipInflate } from 'fflate';
import { PlainText } from '../placed';
import type { RecordProblem } from '../trajectory';
import { type FileRecord, parseRecord } from './records';
import { isProblem, MAX_RECORD, tooLarge } from './splitter';

/** The members that hold records: those of an Inspect log (`samples/12_epoch_1.json`), and the run's own description. */
const SAMPLE = /^samples\/[^/\\]+\.json$/;
const START = '_journal/start.json';

/** Bytes that are inflated before the ratio is looked at, and the ratio above which an archive is taken for a bomb. */
const BOMB_SIZE = 32 * 1024 * 1024;
const BOMB_RATIO = 100;
const MAX_MEMBERS = 200_000;
const SLICE = 16 * 1024;

/**
 * The records of a zip archive, read as a stream: nothing is written to the disk and nothing is held but the member being
 * inflated. Members that hold no samples are skipped unread. An archive that inflates to more than a hundred times its
 * size is refused.
 */
export async function* archiveRecords(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<FileRecord | RecordProblem> {
  const members = new Members();
  const unzip = new Unzip((file) => members.open(file));
  unzip.register(UnzipInflate);
  let read = 0;
  try {
    for await (const chunk of inSlices(bytes)) {
      read += chunk.length;
      unzip.push(chunk);
      yield* members.take();
      if (members.inflated > BOMB_SIZE && members.inflated > read * BOMB_RATIO) {
        yield {
          line: 1,
          reason: `the archive inflates to over ${BOMB_RATIO} times its size; it is not read`,
        };
        return;
      }
      if (members.count > MAX_MEMBERS) {
        yield { line: 1, reason: `the archive has more than ${MAX_MEMBERS} members; the rest is not read` };
        return;
      }
    }
    unzip.push(new Uint8Array(0), true);
  } catch (error) {
    members.finished.push({ line: 1, reason: `the archive is damaged: ${messageOf(error)}` });
  }
  yield* members.take();
  yield* members.unfinished();
}

/** Small slices: what one of them inflates to is held at once, and may be a thousand times as much. */
async function* inSlices(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += SLICE) yield chunk.subarray(at, at + SLICE);
  }
}

class Members {
  readonly finished: (FileRecord | RecordProblem)[] = [];
  inflated = 0;
  count = 0;
  private readonly running = new Set<string>();

  *take(): Generator<FileRecord | RecordProblem> {
    yield* this.finished.splice(0);
  }

  *unfinished(): Generator<RecordProblem> {
    for (const name of this.running) yield { line: 1, reason: `${name}: the archive ends inside it` };
  }

  open(file: UnzipFile): void {
    this.count++;
    const { name } = file;
    if (!SAMPLE.test(name) && name !== START) return;
    const decoder = new TextDecoder();
    const pieces: string[] = [];
    let size = 0;
    this.running.add(name);
    file.ondata = (error, chunk, final) => {
      if (!this.running.has(name)) return;
      if (error) return this.fail(name, `${name}: it is damaged: ${error.message}`);
      size += chunk.length;
      this.inflated += chunk.length;
      if (size > MAX_RECORD) {
        file.terminate();
        return this.fail(name, `${name}: ${tooLarge(1).reason}`);
      }
      pieces.push(decoder.decode(chunk, { stream: !final }));
      if (final) this.finish(name, pieces.join(''));
    };
    try {
      file.start();
    } catch (error) {
      this.fail(name, `${name}: ${messageOf(error)}`);
    }
  }

  private finish(name: string, text: string): void {
    this.running.delete(name);
    const record = parseRecord({ source: new PlainText(text, 0), line: 1 });
    this.finished.push(
      isProblem(record) ? { ...record, reason: `${name}: ${record.reason}` } : { ...record, member: name },
    );
  }

  private fail(name: string, reason: string): void {
    this.running.delete(name);
    this.finished.push({ line: 1, reason });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
