import { Worker } from 'node:worker_threads';
import { Disposable } from '../disposable';
import type { ReadTrace, RecognisedFormat } from '../reading/protocol';
import type { ReadingTerms } from '../reading/terms';
import type { FoundRows, LargeProgress, LargeReply, LargeRequest } from './protocol';

/** Receives what is found in a large file, as it comes. */
export interface LargeSink {
  onFormat(format: RecognisedFormat | null, faults: readonly string[]): void;
  onRows(rows: FoundRows): void;
  onProgress(progress: LargeProgress): void;
  /** The file cannot be read any further. */
  onFailure(message: string): void;
}

/** Traces that were read last, kept as tooltips and views ask for the same ones. */
const KEPT = 8;
/** Megabytes of the thread's objects: it lives in the extension host, whose memory it must not fill. */
const HEAP_MB = 160;

interface Job {
  readonly resolve: (trace: ReadTrace | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One large file as seen from the extension host: a thread finds its rows and reads single traces. */
export class LargeFile extends Disposable {
  private readonly worker: Worker;
  private readonly jobs = new Map<number, Job>();
  private readonly kept = new Map<number, Promise<ReadTrace | undefined>>();
  private lastJob = 0;
  private format_: RecognisedFormat | undefined;
  private failure: string | undefined;

  /** @param script the bundled `large-reader.js` */
  constructor(
    script: string,
    readonly path: string,
    terms: ReadingTerms,
    private readonly sink: LargeSink,
  ) {
    super();
    const resourceLimits = { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: 16 };
    this.worker = new Worker(script, { name: 'steplens large file', resourceLimits });
    this.worker.unref();
    this.worker.on('message', (reply: LargeReply) => this.receive(reply));
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error.message : String(error)));
    this.post({ type: 'open', path, terms });
  }

  /** What the file was recognised as, once it is. */
  get format(): RecognisedFormat | undefined {
    return this.format_;
  }

  /**
   * A trace by its number in the file, from 0; undefined where there is none. Waits until the file has been read as far.
   * @throws {Error} the file cannot be read
   */
  read(row: number): Promise<ReadTrace | undefined> {
    const known = this.kept.get(row);
    this.kept.delete(row);
    const reading = known ?? this.ask(row);
    this.kept.set(row, reading);
    reading.catch(() => this.kept.delete(row));
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return reading;
  }

  override dispose(): void {
    super.dispose();
    void this.worker.terminate();
    this.fail('the file was closed');
  }

  private ask(row: number): Promise<ReadTrace | undefined> {
    if (this.failure !== undefined) return Promise.reject(new Error(this.failure));
    const job = ++this.lastJob;
    return new Promise((resolve, reject) => {
      this.jobs.set(job, { resolve, reject });
      this.post({ type: 'read', job, row });
    });
  }

  private post(request: LargeRequest): void {
    this.worker.postMessage(request);
  }

  private receive(reply: LargeReply): void {
    if (this.disposed) return;
    switch (reply.type) {
      case 'format':
        this.format_ = reply.format ?? undefined;
        this.sink.onFormat(reply.format, reply.faults);
        break;
      case 'rows':
        this.sink.onRows(reply.rows);
        this.sink.onProgress(reply.progress);
        break;
      case 'progress':
        this.sink.onProgress(reply.progress);
        break;
      case 'trace':
        this.take(reply.job)?.resolve(reply.trace ?? undefined);
        break;
      case 'error':
        this.take(reply.job)?.reject(new Error(reply.message));
        break;
      case 'failed':
        this.fail(reply.message);
        break;
    }
  }

  private take(job: number): Job | undefined {
    const found = this.jobs.get(job);
    this.jobs.delete(job);
    return found;
  }

  private fail(message: string): void {
    if (this.failure !== undefined) return;
    this.failure = message;
    for (const job of this.jobs.values()) job.reject(new Error(message));
    this.jobs.clear();
    if (!this.disposed) this.sink.onFailure(message);
  }
}
