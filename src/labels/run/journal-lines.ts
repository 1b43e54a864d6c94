import { createHash } from 'node:crypto';

/**
 * The lines of a journal. One line is `<checksum> <ordinal> <key> <json>`, where the checksum covers the rest: 16
 * hexadecimal digits of its SHA-256. Line feeds stand between lines only, as JSON escapes its own. A line that was torn
 * by a kill or a full disk, or damaged since, does not pass its checksum.
 */
export interface EntryHead {
  /** Position of the trace among the file's traces, from 0; -1 for the header, -2 for the mark of completion. */
  readonly ordinal: number;
  /** `scoringKey` of the trace. */
  readonly key: number;
}

export const HEADER = -1;
export const DONE = -2;

const CHECKSUM = 16;

const checksum = (text: string | Uint8Array): string =>
  createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM);

/** A line with its line feed. */
export function formatLine({ ordinal, key }: EntryHead, json: string): string {
  const body = `${ordinal} ${key.toString(16)} ${json}`;
  return `${checksum(body)} ${body}\n`;
}

/** The head of a line (without line feed), and where its JSON begins; undefined where the line is torn or damaged. */
export function parseLine(line: Buffer): (EntryHead & { json: number }) | undefined {
  const first = line.subarray(0, CHECKSUM + 64).toString('latin1');
  const match = /^[0-9a-f]{16} (-?\d{1,15}) ([0-9a-f]{1,13}) /.exec(first);
  if (!match || checksum(line.subarray(CHECKSUM + 1)) !== first.slice(0, CHECKSUM)) return undefined;
  return {
    ordinal: Number(match[1]),
    key: Number.parseInt(match[2] ?? '', 16),
    json: match[0].length,
  };
}

export interface PlacedLine {
  readonly offset: number;
  readonly bytes: Buffer;
  /** False for what stands behind the last line feed. */
  readonly whole: boolean;
}

/** Cuts a stream of bytes at line feeds. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<PlacedLine> {
  let pieces: Buffer[] = [];
  let offset = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const bytes = Buffer.concat([...pieces, chunk.subarray(from, at)]);
      yield { offset, bytes, whole: true };
      offset += bytes.length + 1;
      pieces = [];
      from = at + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  const bytes = Buffer.concat(pieces);
  if (bytes.length > 0) yield { offset, bytes, whole: false };
}
