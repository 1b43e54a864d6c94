import { Presets, SingleBar } from 'cli-progress';
import type { LabelProgress } from '../labels';

/** The progress of labelling, on stderr: a bar where that is a terminal, a line a minute elsewhere. */
export interface LabelBar {
  show(file: string, progress: LabelProgress): void;
  /** Nothing more comes of a file. */
  done(file: string): void;
  /** Takes the bar away while something else is printed. */
  clear(): void;
  stop(): void;
}

export function startLabelBar(): LabelBar {
  return process.stderr.isTTY ? terminalBar() : lines();
}

function terminalBar(): LabelBar {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      format: ' {bar} {value}/{total} traces{resumed} · {rates}',
    },
    Presets.shades_classic,
  );
  const files = new Files();
  let running = false;
  return {
    show(file, progress) {
      const { done, total, ...rest } = files.add(file, progress);
      const payload = { resumed: resumedText(rest), rates: rates(rest) };
      if (running) {
        bar.setTotal(total);
        bar.update(done, payload);
      } else bar.start(total, done, payload);
      running = true;
    },
    done: (file) => files.end(file),
    clear() {
      if (running) process.stderr.write('\r\x1b[K');
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}

const LINE_MS = 60_000;

function lines(): LabelBar {
  const files = new Files();
  let last = performance.now();
  return {
    show(file, progress) {
      const now = files.add(file, progress);
      if (performance.now() - last < LINE_MS) return;
      last = performance.now();
      process.stderr.write(`${now.done}/${now.total} traces${resumedText(now)} · ${rates(now)}\n`);
    },
    done: (file) => files.end(file),
    clear() {},
    stop() {},
  };
}

/** The files of one run together: those that are done count, those under way have speeds. */
class Files {
  private readonly progress = new Map<string, LabelProgress>();

  add(file: string, progress: LabelProgress): LabelProgress {
    this.progress.set(file, progress);
    const all = [...this.progress.values()];
    const sum = (of: (one: LabelProgress) => number) => all.reduce((total, one) => total + of(one), 0);
    const counts = { done: sum((p) => p.done), total: sum((p) => p.total), resumed: sum((p) => p.resumed) };
    if (progress.secondsLeft === undefined) return counts;
    return {
      ...counts,
      stepsPerSecond: sum((p) => p.stepsPerSecond ?? 0),
      tokensPerSecond: sum((p) => p.tokensPerSecond ?? 0),
      secondsLeft: Math.max(...all.map((p) => p.secondsLeft ?? 0)),
    };
  }

  end(file: string): void {
    const known = this.progress.get(file);
    if (known) this.progress.set(file, { done: known.done, total: known.done, resumed: known.resumed });
  }
}

const resumedText = ({ resumed }: Pick<LabelProgress, 'resumed'>): string =>
  resumed > 0 ? ` (${resumed} from before)` : '';

/** `3.2 steps/s · 410 tokens/s · 1 h 12 min left`. */
export function rates({ stepsPerSecond, tokensPerSecond, secondsLeft }: Partial<LabelProgress>): string {
  if (stepsPerSecond === undefined || tokensPerSecond === undefined || secondsLeft === undefined) {
    return 'starting';
  }
  return `${stepsPerSecond.toFixed(1)} steps/s · ${Math.round(tokensPerSecond)} tokens/s · ${duration(secondsLeft)} left`;
}

/** A duration as people say it: `40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
