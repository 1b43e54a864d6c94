import { basename } from 'node:path';
import type { TraceFormat } from '../formats/format';
import { openFile } from '../reader/open';
import { formatIn, type ReadOptions } from '../reader/read';
import { type ReadItem, recordReader } from '../reader/record-reader';
import { questionKey, RunCounter, type WithSiblings } from '../siblings';
import type { RecordProblem, Trajectory } from '../trajectory';
import { type PageRecord, readRecordsFrom } from './read-page';
import { NotPagedError, RecordIndex } from './record-index';
import { RowTable } from './row-table';

/** One record of a scan. `row`: number of its first trace in the file, from 0. */
export interface ScannedRecord {
  readonly row: number;
  readonly trajectories: readonly Trajectory[];
  readonly problems: readonly RecordProblem[];
}

/** How a file's rows are read: in a format that is known, or by mapped fields. */
export type RowOptions = Pick<ReadOptions, 'format' | 'fields' | 'splitting' | 'gold'>;

/**
 * A file that is too large to be held, as rows, one a trace. A scan finds them in the order of the file; any one that the
 * scan has passed can be read again, with the same siblings as a reading of the whole file gives it.
 */
export class RowFile {
  private readonly table = new RowTable();
  private readonly memory = new Map<string, string>();
  private index: RecordIndex | undefined;
  /** Whether the index has all records, or there is none. */
  private indexed = true;
  private onIndexed = () => {};
  private run: { readonly start: number; readonly answers: Answers } | undefined;

  private constructor(
    readonly path: string,
    private readonly format: TraceFormat,
    private readonly options: RowOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws the file system's own errors */
  static async open(path: string, options: RowOptions, signal: AbortSignal): Promise<RowFile> {
    const format = formatIn(options);
    if (!format) throw new RangeError('a file is read in rows once its format is known');
    const file = new RowFile(path, format, options, signal);
    try {
      file.index = await RecordIndex.open(path, format);
    } catch (error) {
      if (!(error instanceof NotPagedError)) throw error;
    }
    return file;
  }

  /** Traces that the scan has found so far. */
  get rows(): number {
    return this.table.rows;
  }

  /** Bytes of the file that were looked through for records; the scan itself is somewhat behind. */
  get bytes(): number {
    return this.index?.bytes ?? 0;
  }

  /** Finds the rows. To be called once. @throws {DOMException} `AbortError` @throws the file system's own errors */
  async *scan(): AsyncGenerator<ScannedRecord> {
    const counter = new RunCounter();
    const building = this.build();
    building.catch(() => undefined); // the scan meets the same error
    for await (const { ordinal, items } of this.records(this.memory)) {
      // Any row that is told can be read again. Finding records is quicker than reading them, so this waits rarely.
      while (!this.indexed && (this.index?.records ?? 0) <= ordinal) await this.nextIndexed();
      const trajectories = trajectoriesOf(items).map((trajectory) => this.joined(trajectory));
      const row = this.table.rows;
      for (const trajectory of trajectories) this.table.add(ordinal, counter.endsWith(trajectory));
      const problems = items.flatMap((item) => ('problem' in item ? [item.problem] : []));
      yield { row, trajectories, problems };
    }
    await building;
    this.table.end();
  }

  private async build(): Promise<void> {
    if (!this.index) return;
    this.indexed = false;
    try {
      await this.index.build(this.signal, () => this.onIndexed());
    } catch (error) {
      if (!(error instanceof NotPagedError)) throw error;
      this.index = undefined;
    } finally {
      this.indexed = true;
      this.onIndexed();
    }
  }

  private nextIndexed(): Promise<void> {
    return new Promise((resolve) => {
      this.onIndexed = resolve;
    });
  }

  /** A trace that the scan has passed. Waits until the scan has passed its siblings, too. */
  async read(row: number): Promise<WithSiblings | undefined> {
    await this.table.whole(row);
    const place = this.table.place(row);
    const trajectory = place && (await this.tracesOf(place.record))[place.part];
    if (!trajectory) return undefined;
    const siblings: string[] = [];
    if (trajectory.question.text.trim() !== '') {
      for (const other of (await this.answers(row)).get(questionKey(trajectory)) ?? []) {
        if (other.row !== row) siblings.push(other.answer);
      }
    }
    return { trajectory: this.joined(trajectory), siblings };
  }

  /** The final answers in the run of a row, by question. One run's are kept, as neighbours are looked at together. */
  private async answers(row: number): Promise<Answers> {
    const { start, end } = this.table.run(row);
    if (this.run?.start === start) return this.run.answers;
    const answers = new Map<string, Answer[]>();
    const { record, part } = this.table.place(start) ?? { record: 0, part: 0 };
    let at = start - part;
    for await (const { items } of this.recordsFrom(record)) {
      for (const trajectory of trajectoriesOf(items)) {
        if (at >= start && at < end && trajectory.finalAnswer !== undefined) {
          const key = questionKey(trajectory);
          const answer = { row: at, answer: trajectory.finalAnswer };
          answers.set(key, [...(answers.get(key) ?? []), answer]);
        }
        at++;
      }
      if (at >= end) break;
    }
    this.run = { start, answers };
    return answers;
  }

  private async tracesOf(record: number): Promise<Trajectory[]> {
    for await (const { items } of this.recordsFrom(record)) return trajectoriesOf(items);
    return [];
  }

  /** From a record on. In a file that cannot be read in pages all records before it are read as well. */
  private async *recordsFrom(from: number): AsyncGenerator<PageRecord> {
    const { splitting } = this.options;
    const { index, memory, signal } = this;
    if (index) yield* readRecordsFrom(index, from, { memory, signal, ...(splitting && { splitting }) });
    else for await (const record of this.records(new Map())) if (record.ordinal >= from) yield record;
  }

  /** All records from the start. */
  private async *records(memory: Map<string, string>): AsyncGenerator<PageRecord> {
    const { options, path } = this;
    const file = await openFile({ path });
    try {
      const read = recordReader(this.format, basename(path), options.splitting ?? 'given', memory);
      let [ordinal, place] = [0, 0];
      for await (const record of file.records(this.format)) {
        this.signal.throwIfAborted();
        // What precedes the records of a log counts where records are named by their place, as in every reading.
        const items = [...read(record, ++place)];
        if (!('opening' in record && record.opening)) yield { ordinal: ordinal++, items };
      }
    } finally {
      await file.close();
    }
  }

  private joined(trajectory: Trajectory): Trajectory {
    return this.options.gold ? this.options.gold.join(trajectory) : trajectory;
  }
}

interface Answer {
  readonly row: number;
  readonly answer: string;
}
type Answers = ReadonlyMap<string, readonly Answer[]>;

const trajectoriesOf = (items: readonly ReadItem[]): Trajectory[] =>
  items.flatMap((item) => ('trajectory' in item ? [item.trajectory] : []));
