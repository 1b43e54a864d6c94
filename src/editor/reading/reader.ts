import { Worker } from 'node:worker_threads';
import type { RecordProblem } from '../../trajectory/trajectory';
import { Disposable } from '../disposable';
import type { ReadingOrder, ReadingReply, ReadingRequest, ReadTrace, RecognisedFormat } from './protocol';

/** Receives what is read, as it comes. */
export interface ReadingSink {
  /** Called once, first. Null: the text is no trace file. */
  onFormat(format: RecognisedFormat | null): void;
  onTraces(traces: readonly ReadTrace[], problems: readonly RecordProblem[]): void;
}

interface Job extends ReadingSink {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The thread is let go after this long without work. */
const IDLE_MS = 60_000;

/** The reading thread as seen from the extension host. It starts with the first text. */
export class Reader extends Disposable {
  private worker: Worker | undefined;
  private readonly jobs = new Map<number, Job>();
  private readonly told = new Set<string>();
  private lastJob = 0;
  private idle: NodeJS.Timeout | undefined;

  /**
   * @param script the bundled `trace-reader.js`
   * @param onFault told once of each of the reading terms that cannot be used
   */
  constructor(
    private readonly script: string,
    private readonly onFault: (fault: string) => void,
  ) {
    super();
  }

  /**
   * Reads a text's traces in the reading thread.
   * @throws {DOMException} `AbortError` when the signal fires
   * @throws {Error} the thread failed
   */
  async read(order: ReadingOrder, sink: ReadingSink, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    clearTimeout(this.idle);
    const job = ++this.lastJob;
    const done = new Promise<void>((resolve, reject) =>
      this.jobs.set(job, { ...bound(sink), resolve, reject }),
    );
    const abort = () => {
      this.post({ type: 'cancel', job });
      this.jobs.get(job)?.reject(new DOMException('the reading was cancelled', 'AbortError'));
      this.jobs.delete(job);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.post({ type: 'read', job, ...order });
      await done;
    } finally {
      signal.removeEventListener('abort', abort);
      this.jobs.delete(job);
      if (this.jobs.size === 0) this.idle = setTimeout(() => this.stop(), IDLE_MS).unref();
    }
  }

  override dispose(): void {
    super.dispose();
    this.stop();
  }

  private post(request: ReadingRequest): void {
    this.worker ??= this.start();
    this.worker.postMessage(request);
  }

  private start(): Worker {
    const worker = new Worker(this.script, { name: 'steplens reading' });
    worker.unref();
    worker.on('message', (reply: ReadingReply) => this.receive(reply));
    worker.on('error', (error) =>
      this.fail(worker, error instanceof Error ? error : new Error(String(error))),
    );
    worker.on('exit', (code) => this.fail(worker, new Error(`the reading thread ended with code ${code}`)));
    return worker;
  }

  private receive(reply: ReadingReply): void {
    const job = this.jobs.get(reply.job);
    if (!job) return; // cancelled meanwhile
    if (reply.type === 'faults') this.tell(reply.faults);
    else if (reply.type === 'format') job.onFormat(reply.format);
    else if (reply.type === 'traces') job.onTraces(reply.traces, reply.problems);
    else if (reply.type === 'end') job.resolve();
    else job.reject(new Error(reply.message));
  }

  private tell(faults: readonly string[]): void {
    for (const fault of faults) {
      if (!this.told.has(fault)) this.onFault(fault);
      this.told.add(fault);
    }
  }

  private fail(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    for (const job of this.jobs.values()) job.reject(error);
    this.jobs.clear();
  }

  private stop(): void {
    clearTimeout(this.idle);
    const worker = this.worker;
    this.worker = undefined;
    for (const job of this.jobs.values()) job.reject(new DOMException('the reader was closed', 'AbortError'));
    this.jobs.clear();
    void worker?.terminate();
  }
}

const bound = (sink: ReadingSink): ReadingSink => ({
  onFormat: (format) => sink.onFormat(format),
  onTraces: (traces, problems) => sink.onTraces(traces, problems),
});
