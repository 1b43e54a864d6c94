import { type FileHandle, open } from 'node:fs/promises';
import { LabelError, onFile } from '../label-error';
import { DONE, formatLine, HEADER, linesOf, parseLine } from './journal-lines';
import { readChunks } from './read-chunks';

/** What a journal was begun with: only a run with the same may go on with it. */
export type JournalHeader = Readonly<Record<string, unknown>>;

/** A journal is synced to the disk at most this often, so that a power cut costs no more than this much scoring. */
const SYNC_MS = 2_000;

/**
 * What has been scored so far, on disk beside the output: one line a trace. In memory there are three numbers a trace.
 * A line holds whatever the caller gives as a value that JSON can carry.
 */
export class Journal {
  private readonly offsets: number[] = [];
  private readonly lengths: number[] = [];
  private readonly keys: number[] = [];
  private end = 0;
  private synced = 0;
  /** The write under way: traces that are scored together are written one after the other. */
  private writing: Promise<unknown> = Promise.resolve();
  /** The SHA-256 of the output that was made of this journal; absent until it is complete. */
  doneWith: string | undefined;
  /** Lines that a torn write or a damaged disk made unreadable; their traces are scored again. */
  damaged = 0;
  /** How many entries were there when the journal was opened. */
  taken = 0;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /**
   * Opens the journal at `path`, or begins one. A torn last line is cut off.
   * @param restart drops what is there
   * @throws {LabelError} `changed` where the journal was begun with something else; `write`
   */
  static async open(path: string, header: JournalHeader, restart: boolean): Promise<Journal> {
    return onFile('write', path, async () => {
      // No single mode makes a missing file, keeps one that is there and writes at any offset.
      await (await open(path, restart ? 'w' : 'a')).close();
      const file = await open(path, 'r+');
      const journal = new Journal(path, file);
      try {
        const found = await journal.load();
        if (found === undefined) await journal.append(HEADER, 0, header);
        else refuseOther(path, found, header, journal.count);
        return journal;
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /** Traces that have an entry. */
  get count(): number {
    return this.offsets.reduce((sum) => sum + 1, 0);
  }

  /** Whether the trace at this position was scored, and would be scored alike now. */
  has(ordinal: number, key: number): boolean {
    return this.keys[ordinal] === key;
  }

  /** Writes the entry of a trace; of several the last one counts. */
  async add(ordinal: number, key: number, value: unknown): Promise<void> {
    const written = this.writing.then(async () => {
      const offset = this.end;
      const length = await this.append(ordinal, key, value);
      this.note(ordinal, key, offset, length);
    });
    this.writing = written.catch(() => undefined); // whoever asked for it sees the error
    await written;
  }

  /** Reads an entry back. */
  async read(ordinal: number): Promise<unknown> {
    const [offset, length] = [this.offsets[ordinal], this.lengths[ordinal]];
    if (offset === undefined || length === undefined) throw new RangeError(`no entry ${ordinal}`);
    const bytes = Buffer.alloc(length);
    await onFile('read', this.path, () => this.file.read(bytes, 0, length, offset));
    const head = parseLine(bytes);
    if (!head) throw new LabelError('read', `${this.path}: the disk gives back other data than was written`);
    return JSON.parse(bytes.toString('utf8', head.json));
  }

  /** Marks that the output was made of it, before the output takes its name. */
  async finish(sha256: string): Promise<void> {
    await this.append(DONE, 0, { sha256 });
    await onFile('write', this.path, () => this.file.datasync());
    this.doneWith = sha256;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private note(ordinal: number, key: number, offset: number, length: number): void {
    this.doneWith = undefined; // an output made before this entry is not of this journal any more
    this.offsets[ordinal] = offset;
    this.lengths[ordinal] = length;
    this.keys[ordinal] = key;
  }

  /** Reads all lines; the header where there is one. Cuts off a last line that was not finished. */
  private async load(): Promise<JournalHeader | undefined> {
    let header: JournalHeader | undefined;
    let first = true;
    for await (const { offset, bytes, whole } of linesOf(readChunks(this.file))) {
      if (!whole) break; // torn: the next entry is written over it
      this.end = offset + bytes.length + 1;
      const head = parseLine(bytes);
      if (first && head?.ordinal !== HEADER) {
        throw new LabelError(
          'changed',
          `${this.path}: the journal of an earlier run is damaged; --restart begins a new one`,
        );
      }
      first = false;
      if (!head) this.damaged++;
      else if (head.ordinal === HEADER) header = JSON.parse(bytes.toString('utf8', head.json));
      else if (head.ordinal === DONE) this.doneWith = JSON.parse(bytes.toString('utf8', head.json)).sha256;
      else this.note(head.ordinal, head.key, offset, bytes.length);
    }
    await this.file.truncate(this.end);
    this.taken = this.count;
    return header;
  }

  private async append(ordinal: number, key: number, value: unknown): Promise<number> {
    const bytes = Buffer.from(formatLine({ ordinal, key }, JSON.stringify(value)));
    await onFile('write', this.path, async () => {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, this.end + done);
        done += bytesWritten;
      }
      if (performance.now() - this.synced > SYNC_MS) {
        await this.file.datasync();
        this.synced = performance.now();
      }
    });
    this.end += bytes.length;
    return bytes.length - 1;
  }
}

/** @throws {LabelError} naming what differs */
function refuseOther(path: string, found: JournalHeader, wanted: JournalHeader, count: number): void {
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  const changed = names.filter((name) => JSON.stringify(found[name]) !== JSON.stringify(wanted[name]));
  if (changed.length === 0) return;
  const differences = changed.map((name) => `${name} ${show(found[name])}, now ${show(wanted[name])}`);
  throw new LabelError(
    'changed',
    `an earlier run that was not finished scored ${count} traces under other conditions (${differences.join('; ')}); ` +
      `--restart drops them and begins again (they are in ${path})`,
  );
}

const show = (value: unknown): string => (value === undefined ? 'unset' : JSON.stringify(value));
