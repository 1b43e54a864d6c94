import { Presets, SingleBar } from 'cli-progress';

/** Progress on stderr: a bar where that is a terminal, nothing elsewhere. */
export interface Progress {
  /** One more trace is done, with so many steps and positions. */
  traceDone(steps: number, positions: number): void;
  /** Takes the bar away while something else is printed. */
  clear(): void;
  stop(): void;
}

/** @param total traces to come, where that is known */
export function startProgress(total: number | undefined): Progress {
  if (!process.stderr.isTTY) return { traceDone() {}, clear() {}, stop() {} };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      etaBuffer: 20,
      format: total
        ? ' {bar} {value}/{total} traces · {speed} · {eta_formatted} left'
        : ' {value} traces · {speed} · {duration_formatted}',
    },
    Presets.shades_classic,
  );
  const started = performance.now();
  let positions = 0;
  bar.start(total ?? 0, 0, { speed: '– tokens/s' });
  return {
    traceDone(_steps, more) {
      positions += more;
      const perSecond = positions / ((performance.now() - started) / 1000);
      bar.increment(1, { speed: `${Math.round(perSecond)} tokens/s` });
    },
    clear() {
      process.stderr.write('\r\x1b[K');
    },
    stop: () => bar.stop(),
  };
}
