import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HostMessage } from '../../heatmap/protocol';
import type { Trace } from '../document/trace';
import { BATCH, batchOf, rewardsOf, rowSignature, runs } from './rows';

/**
 * Keeps the page's rows in step with a file's traces, sending only what is new: rows that are not there yet or look
 * different, rewards of rows that have changed, reasons of failures. A file that got shorter starts a new generation.
 * Between batches the host gets its turn.
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
  async restart(traces: readonly Trace[]): Promise<void> {
    this.generation_++;
    this.signatures = [];
    this.failed.clear();
    this.post(this.init(this.generation_));
    await this.sync(traces, traces);
  }

  /** @param changed traces of which anything may be new; those that are no longer in the file are passed over */
  async sync(traces: readonly Trace[], changed: readonly Trace[]): Promise<void> {
    if (traces.length < this.signatures.length) return this.restart(traces);
    const generation = this.generation_;
    const current = changed.filter((trace) => traces[trace.index] === trace);
    const fresh = current.filter((trace) => this.looksNew(trace));
    const sent = new Set(fresh);
    const rows = fresh.map((trace) => trace.index).sort((a, b) => a - b);
    for (const run of runs(rows)) {
      const start = run[0] ?? 0;
      this.post({ type: 'rows', generation, batch: batchOf(start, traces.slice(start, start + run.length)) });
      await nextTurn();
      if (generation !== this.generation_) return;
    }
    const rest = current.filter((trace) => !sent.has(trace));
    for (let at = 0; at < rest.length; at += BATCH) {
      this.sendRewards(rest.slice(at, at + BATCH));
      await nextTurn();
      if (generation !== this.generation_) return;
    }
    this.sendFailures(current);
  }

  private looksNew(trace: Trace): boolean {
    const signature = rowSignature(trace);
    if (this.signatures[trace.index] === signature) return false;
    this.signatures[trace.index] = signature;
    return true;
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
