/** What a contestant's process is asked: to score some traces of the workload. */
export interface Task {
  readonly file: string;
  /** Places of the traces among the file's. */
  readonly traces: readonly number[];
  /** Which of the contestant's ways, where it has several. */
  readonly way: string;
}

/** What it answers. */
export interface Outcome {
  /** One per trace. */
  readonly seconds: readonly number[];
  /** Positions that ran through the model, over all traces. */
  readonly positions: number;
  readonly generatedTokens: number;
  readonly peakMemoryMB: number;
}

/** What one trace took, where the contestant counts by itself. `seconds` where it was extrapolated from a part. */
export interface Count {
  readonly positions: number;
  readonly generatedTokens?: number;
  readonly seconds?: number;
}

export type ToContestant = { readonly task: Task };
export type FromContestant =
  | { readonly ready: true }
  | { readonly outcome: Outcome }
  | { readonly failed: string };

/**
 * Turns this process into a contestant: it loads once, then scores what it is asked until its parent goes.
 * @param score scores one trace; its time is taken here
 * @param peakMemoryMB default: this process's own peak
 */
export function serve<T>(
  load: (task: Task) => Promise<readonly T[]>,
  score: (trace: T, way: string) => Promise<Count>,
  peakMemoryMB: () => number = () => process.resourceUsage().maxRSS / 1000,
): void {
  const say = (message: FromContestant) => process.send?.(message);
  const loaded = new Map<string, Promise<readonly T[]>>();
  process.on('disconnect', () => process.exit());
  process.on('message', ({ task }: ToContestant) => {
    void run(task).then(
      (outcome) => say({ outcome }),
      (error: unknown) =>
        say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  say({ ready: true });

  async function run(task: Task): Promise<Outcome> {
    const known = loaded.get(task.file) ?? load(task);
    loaded.set(task.file, known);
    const traces = await known;
    const seconds: number[] = [];
    let positions = 0;
    let generatedTokens = 0;
    for (const index of task.traces) {
      const trace = traces[index];
      if (trace === undefined) throw new RangeError(`the workload has no trace ${index}`);
      const started = performance.now();
      const count = await score(trace, task.way);
      seconds.push(count.seconds ?? (performance.now() - started) / 1000);
      positions += count.positions;
      generatedTokens += count.generatedTokens ?? 0;
    }
    return { seconds, positions, generatedTokens, peakMemoryMB: peakMemoryMB() };
  }
}
