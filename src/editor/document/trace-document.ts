import * as vscode from 'vscode';
import type { RecordProblem } from '../../trajectory/trajectory';
import { Disposable } from '../disposable';
import { RECOGNITION, type ReadTrace, type RecognisedFormat } from '../reading/protocol';
import { EditMap } from './edit-map';
import { reconcile } from './reconcile';
import type { ShownTrace, Stretch, Surface } from './surface';
import { Trace } from './trace';
import type { TraceOrigin } from './trace-origin';

/** What has changed; for faces that need not redraw everything. */
export interface TraceChange {
  readonly document: TraceDocument;
  /** `content`: other traces or other places. `rewards`: what is known of these traces. `progress`: what is being done. */
  readonly kind: 'content' | 'rewards' | 'progress';
  readonly traces: readonly Trace[];
}

/**
 * The traces of one open text document, or one trace of a file too large for that. They are read in a thread of their own,
 * follow edits at once by moving with them, and are read again once the typing pauses.
 */
export class TraceDocument extends Disposable implements Surface {
  readonly kind = 'file';
  private readonly changed = this._register(new vscode.EventEmitter<TraceChange>());
  readonly onDidChange = this.changed.event;
  private format_: RecognisedFormat | undefined;
  private traces_: Trace[] = [];
  private shown_: ShownTrace[] = [];
  private problems_: readonly RecordProblem[] = [];
  /** Changes since the reading that is shown began, and since the one under way began. */
  private edits = new EditMap();
  private pending = this.edits;
  private reading: AbortController | undefined;
  private readTimes = 0;

  constructor(readonly origin: TraceOrigin) {
    super();
  }

  get uri(): vscode.Uri {
    return this.origin.uri;
  }
  /** The text in which the traces stand, where there is one. */
  get document(): vscode.TextDocument | undefined {
    return this.origin.document;
  }
  get source(): TraceDocument {
    return this;
  }
  /** What the file was recognised as; undefined where it is no trace file, or not yet. */
  get format(): RecognisedFormat | undefined {
    return this.format_;
  }
  get traces(): readonly Trace[] {
    return this.traces_;
  }
  get shown(): readonly ShownTrace[] {
    return this.shown_;
  }
  /** Records that could not be read. */
  get problems(): readonly RecordProblem[] {
    return this.problems_;
  }
  get isReading(): boolean {
    return this.reading !== undefined;
  }
  /** Whether the file has been read to its end at least once. */
  get isRead(): boolean {
    return this.readTimes > 0;
  }

  /** It is one by its content or because a person said so, not for a mapping that may be taken back. */
  private get isTraceFile(): boolean {
    return this.format_ !== undefined && this.format_.id !== 'fields';
  }

  /**
   * Reads the text as it is now, in place of a reading that is under way. Resolves when it is read; false where it was
   * overtaken by a later one, or the document was closed.
   * @param confidence 0 where a person says that this is a trace file
   */
  async read(confidence = this.isTraceFile ? 0 : RECOGNITION): Promise<boolean> {
    this.reading?.abort();
    const reading = new AbortController();
    this.reading = reading;
    const edits = new EditMap(); // what happens from here on, while the text is being read
    this.pending = edits;
    const first = this.readTimes === 0;
    const read: ReadTrace[] = [];
    const problems: RecordProblem[] = [];
    if (first) this.show([], problems, edits);
    const sink = {
      onFormat: (format: RecognisedFormat | null) => {
        this.format_ = format ?? undefined;
      },
      onTraces: (traces: readonly ReadTrace[], bad: readonly RecordProblem[]) => {
        problems.push(...bad);
        // Of a file that is read for the first time the beginning is shown before the end is read.
        if (first) this.append(traces);
        else read.push(...traces);
      },
    };
    try {
      await this.origin.read(confidence, sink, reading.signal);
    } catch (error) {
      if (reading.signal.aborted) return false;
      this.reading = undefined;
      throw error;
    }
    this.reading = undefined;
    this.readTimes++;
    if (first && this.format_) this.changed.fire({ document: this, kind: 'content', traces: this.traces_ });
    else this.show(reconcile(this.traces_, read), problems, edits);
    return true;
  }

  /** Moves everything with a change of the text. Traces that it touches have outdated rewards from now on. */
  follow(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    for (const change of changes) {
      this.edits.apply(change);
      if (this.pending !== this.edits) this.pending.apply(change);
    }
    const touched = this.traces_.filter(({ trajectory: { span } }) =>
      this.edits.touches(span.start, span.end),
    );
    for (const trace of touched) trace.setEdited();
    if (touched.length > 0) this.changed.fire({ document: this, kind: 'content', traces: touched });
  }

  /** Something that is known of these traces has changed. */
  touch(traces: readonly Trace[], kind: 'rewards' | 'progress' = 'rewards'): void {
    if (traces.length > 0) this.changed.fire({ document: this, kind, traces });
  }

  override dispose(): void {
    this.reading?.abort();
    super.dispose();
  }

  private show(traces: readonly Trace[], problems: readonly RecordProblem[], edits: EditMap): void {
    const had = this.traces_.length > 0;
    this.edits = edits;
    this.pending = edits;
    this.traces_ = [...traces];
    this.problems_ = problems;
    this.shown_ = traces.map((trace) => new PlacedTrace(trace, edits));
    if (this.format_ || had) this.changed.fire({ document: this, kind: 'content', traces });
  }

  private append(read: readonly ReadTrace[]): void {
    const traces = read.map((item, i) => new Trace(item, this.traces_.length + i));
    for (const trace of traces) {
      this.traces_.push(trace);
      this.shown_.push(new PlacedTrace(trace, this.edits));
    }
    this.changed.fire({ document: this, kind: 'content', traces });
  }
}

/** A trace where it stands in its file now, whatever was typed since it was read. */
class PlacedTrace implements ShownTrace {
  constructor(
    readonly trace: Trace,
    private readonly edits: EditMap,
  ) {}
  get start(): number {
    return this.edits.map(this.trace.trajectory.span.start, this.trace.trajectory.span.end).start;
  }
  get end(): number {
    return this.edits.map(this.trace.trajectory.span.start, this.trace.trajectory.span.end).end;
  }
  steps(): readonly (readonly Stretch[])[] {
    return this.trace.trajectory.steps.map((step) =>
      step.spans.map((span) => this.edits.map(span.start, span.end)),
    );
  }
}
