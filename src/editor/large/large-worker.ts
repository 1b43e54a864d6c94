import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { MAX_ID_LENGTH } from '../../heatmap/protocol';
import { RowFile } from '../../trajectory/paging';
import { asRead } from '../reading/as-read';
import { checkTerms, recognise } from '../reading/recognise';
import { type FoundRows, type LargeReply, type LargeRequest, MAX_ROWS } from './protocol';

/**
 * The thread of one large file: finds its rows, as far as a page lists them, and reads any one again when it is asked for.
 * Rows are sent in small batches, as taking a message apart costs the host time as well.
 */
const BATCH_ROWS = 1000;
const BATCH_MS = 60;
/** Where a row beyond those that are listed is asked for, so many after it are found as well: its siblings are there. */
const BEYOND = 4000;

const reply = (message: LargeReply) => parentPort?.postMessage(message);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class Scan {
  private wanted = MAX_ROWS;
  private resume = () => {};
  private problems = 0;

  private constructor(
    private readonly file: RowFile,
    private readonly size: number,
  ) {}

  static async open({ path, terms }: Extract<LargeRequest, { type: 'open' }>): Promise<Scan | undefined> {
    const checked = await checkTerms(terms);
    // What a person opens here is read as a trace file, whatever fits best.
    const recognised = await recognise({ path }, checked, 0);
    reply({ type: 'format', format: recognised?.format ?? null, faults: checked.faults });
    if (!recognised) return undefined;
    const { size } = await stat(path);
    return new Scan(await RowFile.open(path, recognised.options, new AbortController().signal), size);
  }

  async run(): Promise<void> {
    let rows = emptyRows(0);
    let last = performance.now();
    const flush = (phase: 'reading' | 'done') => {
      const progress = this.progress(phase);
      if (rows.ids.length > 0) reply({ type: 'rows', rows, progress });
      else reply({ type: 'progress', progress });
      rows = emptyRows(this.file.rows);
      last = performance.now();
    };
    for await (const { row, trajectories, problems } of this.file.scan()) {
      this.problems += problems.length;
      for (const [part, trajectory] of trajectories.entries()) {
        if (row + part >= MAX_ROWS) continue;
        const { trajectory: read, outcome } = asRead(trajectory, []);
        rows.ids.push(read.id.slice(0, MAX_ID_LENGTH));
        rows.lines.push(read.line);
        rows.outcomes.push(outcome);
        rows.steps.push(read.steps.length);
      }
      if (rows.ids.length >= BATCH_ROWS || performance.now() - last > BATCH_MS) {
        flush('reading');
        await nextTurn(); // lets requests in
      }
      while (this.file.rows >= this.wanted) await this.pause();
    }
    flush('done');
  }

  async read(job: number, row: number): Promise<void> {
    if (row + BEYOND > this.wanted) {
      this.wanted = row + BEYOND;
      this.resume();
    }
    try {
      const found = await this.file.read(row);
      reply({ type: 'trace', job, trace: found ? asRead(found.trajectory, found.siblings) : null });
    } catch (error) {
      reply({ type: 'error', job, message: messageOf(error) });
    }
  }

  private async pause(): Promise<void> {
    reply({ type: 'progress', progress: this.progress('paused') });
    await new Promise<void>((resolve) => {
      this.resume = resolve;
    });
  }

  private progress(phase: 'reading' | 'paused' | 'done') {
    const { rows, bytes } = this.file;
    const share = phase === 'done' || this.size === 0 ? 1 : Math.min(1, bytes / this.size);
    return { rows, problems: this.problems, share, phase };
  }
}

type Rows = {
  -readonly [K in keyof FoundRows]: FoundRows[K] extends readonly (infer T)[] ? T[] : FoundRows[K];
};
const emptyRows = (start: number): Rows => ({ start, ids: [], lines: [], outcomes: [], steps: [] });

let scan: Promise<Scan | undefined> = Promise.resolve(undefined);
parentPort?.on('message', (request: LargeRequest) => {
  if (request.type === 'open') {
    scan = Scan.open(request);
    scan
      .then((opened) => opened?.run())
      .catch((error: unknown) => reply({ type: 'failed', message: messageOf(error) }));
    return;
  }
  const { job, row } = request;
  scan
    .then((opened) => (opened ? opened.read(job, row) : reply({ type: 'trace', job, trace: null })))
    .catch((error: unknown) => reply({ type: 'error', job, message: messageOf(error) }));
});
