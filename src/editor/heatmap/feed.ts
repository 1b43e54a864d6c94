import type { HostMessage } from '../../heatmap/protocol';
import type { Trace } from '../document/trace';
import { BATCH, batchOf, rewardsOf, rowSignature, runs } from './rows';

/**
 * Keeps the page's rows in step with a file's traces, sending only what is new: rows that are not there yet or look
 * different, rewards of rows that have changed, reasons of failures. A file that got shorter starts a new generation.
 */
export class HeatmapFeed {
  private signatures: string[] = [];
  private readonly failed = new Map<number, string>();
  private generation_ = 0;

  /** @param init makes the message that starts a generation */
  constructor(
    private readonly post: (message: HostMessage) => void,
    private readonly init: (generation: number) => HostMessage,
  ) {}

  get generation(): number {
    return this.generation_;
  }

  /** Starts over: the page has just been loaded, or shows something that is no longer so. */
  restart(traces: readonly Trace[]): void {
    this.generation_++;
    this.signatures = [];
    this.failed.clear();
    this.post(this.init(this.generation_));
    this.sync(traces, []);
  }

  /** @param changed traces whose rewards or failure may be new */
  sync(traces: readonly Trace[], changed: readonly Trace[]): void {
    if (traces.length < this.signatures.length) {
      this.restart(traces);
      return;
    }
    const fresh = this.newRows(traces);
    for (const run of runs(fresh)) {
      const start = run[0] ?? 0;
      const batch = batchOf(start, traces.slice(start, start + run.length));
      this.post({ type: 'rows', generation: this.generation_, batch });
    }
    const sent = new Set(fresh);
    const rest = changed.filter((trace) => traces[trace.index] === trace && !sent.has(trace.index));
    for (let at = 0; at < rest.length; at += BATCH) this.sendRewards(rest.slice(at, at + BATCH));
    this.sendFailures(fresh.length > 0 ? traces : rest);
  }

  private newRows(traces: readonly Trace[]): number[] {
    const fresh: number[] = [];
    for (const [row, trace] of traces.entries()) {
      const signature = rowSignature(trace);
      if (this.signatures[row] !== signature) fresh.push(row);
      this.signatures[row] = signature;
    }
    return fresh;
  }

  private sendRewards(traces: readonly Trace[]): void {
    const rows = traces.map((trace) => trace.index);
    this.post({ type: 'rewards', generation: this.generation_, rows, rewards: rewardsOf(traces) });
  }

  private sendFailures(traces: readonly Trace[]): void {
    const failures: { row: number; reason: string }[] = [];
    for (const { index: row, state } of traces) {
      if (state.kind !== 'failed') this.failed.delete(row);
      else if (this.failed.get(row) !== state.reason) {
        this.failed.set(row, state.reason);
        failures.push({ row, reason: state.reason });
      }
    }
    if (failures.length > 0) this.post({ type: 'failures', generation: this.generation_, failures });
  }
}
