import type { TraceDocument } from '../document/trace-document';
import type { ScoringService } from '../scoring/scoring-service';

/** Scores the rows of a large file one after the other. A trace is held for as long as it is scored. */
export class LargeScoring {
  private stop: AbortController | undefined;
  /** Traces that were scored, or could not be. */
  done = 0;

  /**
   * @param open the trace of a row; undefined behind the last one
   * @param onProgress told after every trace and at the end
   */
  constructor(
    private readonly scoring: ScoringService,
    private readonly open: (row: number) => Promise<TraceDocument | undefined>,
    private readonly onProgress: () => void,
  ) {}

  get running(): boolean {
    return this.stop !== undefined;
  }

  async start(): Promise<void> {
    if (this.stop) return;
    const stop = new AbortController();
    this.stop = stop;
    try {
      this.done = 0;
      this.onProgress();
      for (let row = 0; !stop.signal.aborted; row++) {
        const document = await this.open(row);
        if (!document || stop.signal.aborted) break;
        const cancel = () => this.scoring.cancel(document);
        stop.signal.addEventListener('abort', cancel, { once: true });
        const wanted = document.traces.filter((trace) => !trace.scored || trace.stale);
        await this.scoring.score(document, wanted, 'file');
        stop.signal.removeEventListener('abort', cancel);
        this.done = row + 1;
        this.onProgress();
      }
    } finally {
      this.stop = undefined;
      this.onProgress();
    }
  }

  cancel(): void {
    this.stop?.abort();
  }
}
