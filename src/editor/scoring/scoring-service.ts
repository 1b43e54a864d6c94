import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { scoreTrajectory } from '../../cpmi/score-trajectory';
import type { ScoredTrajectory } from '../../cpmi/scored';
import type { CpmiSettings } from '../../cpmi/settings';
import type { LikelihoodModel, ModelId } from '../../likelihood/likelihood-model';
import { Disposable } from '../disposable';
import { IDLE, type Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import type { Settings } from '../settings';
import type { RewardCache } from './cache';
import { cacheKey } from './cache-key';
import { type ModelHost, UnusableModelError } from './model-host';
import { JobQueue } from './queue';
import { scorable } from './scorable';

/** Why a trace is to be scored; the more urgent first. A trace that is on the screen goes before all others of its kind. */
export const URGENCY = { trace: 0, file: 1, edit: 2, open: 3 } as const;
export type Urgency = keyof typeof URGENCY;

interface Job {
  readonly document: TraceDocument;
  readonly trace: Trace;
  urgency: Urgency;
  /** Also what the cache knows is computed again. */
  readonly anew: boolean;
  readonly resolve: () => void;
  readonly done: Promise<void>;
}

/** What decides the rewards of a file's traces, beside the traces and the model. */
interface Terms {
  readonly settings: CpmiSettings;
  readonly overflow: 'error' | 'cut-left';
}

/** A trace's progress is told to the faces no more often than this. */
const PROGRESS_MS = 200;
/** How long the host may be held by looking up rewards. */
const SLICE_MS = 8;

/**
 * Scores traces one after the other in the scoring process: what a person asked for first, then what is on the screen.
 * What was scored before is taken from the cache. Results and failures are put into the traces.
 */
export class ScoringService extends Disposable {
  private readonly queue = new JobQueue<Job>();
  private current: { readonly job: Job; readonly stop: AbortController } | undefined;
  private working = false;
  private readonly queueChanged = this._register(new vscode.EventEmitter<void>());
  /** Scoring has begun or ended, or a trace is done. */
  readonly onDidChangeQueue = this.queueChanged.event;
  private readonly unusable = this._register(new vscode.EventEmitter<UnusableModelError>());
  /** The chosen model cannot be used; nothing is scored until another one is chosen. */
  readonly onModelUnusable = this.unusable.event;

  constructor(
    private readonly host: ModelHost,
    private readonly cache: RewardCache,
    private readonly settings: Settings,
    private readonly onScreen: () => ReadonlySet<Trace>,
    private readonly log: (line: string) => void,
  ) {
    super();
  }

  /** Whether anything is being scored or waits for it. */
  get busy(): boolean {
    return this.current !== undefined || this.queue.size > 0;
  }

  /** Traces of the document that wait or are being scored. */
  pending(document: TraceDocument): number {
    const running = this.current?.job.document === document ? 1 : 0;
    return running + this.queue.all.filter((job) => job.document === document).length;
  }

  /**
   * Has traces scored; resolves when each is scored, has failed or was cancelled.
   * @param anew by the model, whatever the cache knows
   */
  async score(
    document: TraceDocument,
    traces: readonly Trace[],
    urgency: Urgency,
    anew = false,
  ): Promise<void> {
    const waiting = new Map(this.queue.all.map((job) => [job.trace, job]));
    if (this.current) waiting.set(this.current.job.trace, this.current.job);
    const jobs = traces.map((trace) => {
      const known = waiting.get(trace);
      if (known && URGENCY[known.urgency] > URGENCY[urgency]) known.urgency = urgency;
      return known ?? this.enqueue(document, trace, urgency, anew);
    });
    document.touch(traces, 'progress');
    this.queueChanged.fire();
    void this.work();
    await Promise.all(jobs.map((job) => job.done));
  }

  /** Stops scoring: all that waits, of all files or of one, or some traces only, and what is running now. */
  cancel(document?: TraceDocument, only?: (trace: Trace) => boolean): void {
    const matches = (job: Job) => (!document || job.document === document) && (!only || only(job.trace));
    for (const job of this.queue.remove(matches)) this.settle(job);
    if (this.current && matches(this.current.job)) this.current.stop.abort();
    this.queueChanged.fire();
  }

  /** Puts in what the cache knows, without loading the model. Says for which traces it knew nothing. */
  async restore(document: TraceDocument, traces: readonly Trace[]): Promise<Trace[]> {
    const unknown: Trace[] = [];
    const restored: Trace[] = [];
    const model = await this.host.identity();
    if (!model) return [...traces];
    const terms = this.terms(document);
    let last = performance.now();
    for (const trace of traces) {
      if (document.disposed) return [];
      if (performance.now() - last > SLICE_MS) {
        await nextTurn();
        last = performance.now();
      }
      ((await this.fromCache(trace, model, terms)) ? restored : unknown).push(trace);
      if (restored.length % 50 === 49) document.touch(restored.splice(0));
    }
    document.touch(restored);
    return unknown;
  }

  override dispose(): void {
    this.cancel();
    super.dispose();
  }

  private enqueue(document: TraceDocument, trace: Trace, urgency: Urgency, anew: boolean): Job {
    let resolve = () => {};
    const done = new Promise<void>((r) => {
      resolve = r;
    });
    const job = { document, trace, urgency, anew, resolve, done };
    trace.state = { kind: 'waiting' };
    this.queue.add(job);
    return job;
  }

  private settle(job: Job): void {
    if (job.trace.state.kind !== 'failed') job.trace.state = IDLE;
    job.resolve();
    job.document.touch([job.trace]);
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    try {
      for (let job = this.next(); job; job = this.next()) {
        const stop = new AbortController();
        this.current = { job, stop };
        try {
          await this.scoreOne(job, stop.signal);
        } catch (error) {
          this.failed(job, error, stop.signal);
        }
        this.current = undefined;
        this.settle(job);
        this.queueChanged.fire();
      }
    } finally {
      this.working = false;
    }
  }

  private next(): Job | undefined {
    if (this.disposed || this.queue.size === 0) return undefined;
    const first = this.onScreen();
    return this.queue.take(({ urgency, trace }) => 2 * URGENCY[urgency] + (first.has(trace) ? 0 : 1));
  }

  private async scoreOne(job: Job, signal: AbortSignal): Promise<void> {
    const { document, trace, anew } = job;
    if (document.disposed || document.traces[trace.index] !== trace || trace.edited) return;
    const terms = this.terms(document);
    const known = anew ? undefined : await this.host.identity();
    if (known && (await this.fromCache(trace, known, terms))) return;
    trace.state = { kind: 'running', share: 0 };
    document.touch([trace], 'progress');
    const isSame = unchanged(trace);
    const scored = await this.host.use((model) => this.ask(model, job, terms, signal));
    // What changed meanwhile is scored again by whoever saw the change.
    if (isSame()) trace.setScored(scored);
  }

  private terms({ uri }: TraceDocument): Terms {
    return { settings: this.settings.cpmi(uri), overflow: this.settings.get('cpmi.overflow', uri) };
  }

  private async ask(
    model: LikelihoodModel,
    { document, trace, urgency }: Job,
    { settings, overflow }: Terms,
    signal: AbortSignal,
  ): Promise<ScoredTrajectory> {
    signal.throwIfAborted();
    const { trajectory, surroundings } = scorable(trace);
    const key = cacheKey(trace, model.id, settings, overflow);
    let told = 0;
    const onProgress = (done: number, total: number) => {
      const now = performance.now();
      if (now - told < PROGRESS_MS) return;
      told = now;
      trace.state = { kind: 'running', share: total > 0 ? done / total : 0 };
      document.touch([trace], 'progress');
    };
    // After an edit most of the trace is known, and rounding otherwise is a fair price; rewards of files are everywhere the same.
    const reuse = urgency === 'edit' ? ('take' as const) : ('offer' as const);
    const options = { signal, overflow, onProgress, reuse };
    const scored = await scoreTrajectory(trajectory, model, settings, surroundings, options);
    await this.cache.set(key, scored);
    return scored;
  }

  private async fromCache(trace: Trace, model: ModelId, { settings, overflow }: Terms): Promise<boolean> {
    const isSame = unchanged(trace);
    const scored = await this.cache.get(cacheKey(trace, model, settings, overflow), trace.trajectory);
    if (scored && isSame()) trace.setScored(scored);
    return scored !== undefined;
  }

  private failed({ trace, document }: Job, error: unknown, signal: AbortSignal): void {
    if (signal.aborted || (error instanceof DOMException && error.name === 'AbortError')) return;
    const reason = messageOf(error);
    trace.state = { kind: 'failed', reason };
    this.log(`${document.uri.path}:${trace.trajectory.line}: ${trace.id} is not scored: ${reason}`);
    if (!(error instanceof UnusableModelError)) return; // this trace only; the others go on
    for (const job of this.queue.remove(() => true)) this.settle(job);
    this.unusable.fire(error);
  }
}

/** Says later whether the trace is still what it is now. */
function unchanged(trace: Trace): () => boolean {
  const { contentKey, givenGold } = trace;
  return () => !trace.edited && trace.contentKey === contentKey && trace.givenGold === givenGold;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
