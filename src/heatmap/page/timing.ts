/**
 * Runs `action` soon after the first of many calls, at most once per `pause(cost)` milliseconds, where `cost` is what
 * the last run took. The last call is never lost.
 */
export class Throttle {
  private timer: number | undefined;
  private readyAt = 0;

  constructor(
    private readonly action: () => void,
    private readonly pause: (cost: number) => number,
  ) {}

  request(): void {
    if (this.timer !== undefined) return;
    this.timer = window.setTimeout(() => this.flush(), Math.max(0, this.readyAt - performance.now()));
  }

  /** Runs now, and not again for what was requested before. */
  flush(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    const start = performance.now();
    this.action();
    const end = performance.now();
    this.readyAt = end + this.pause(end - start);
  }
}

/** Calls `action` once before the next frame, however often it is asked to. */
export class OnFrame {
  private pending = false;

  constructor(private readonly action: () => void) {}

  request(): void {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.action();
    });
  }
}
