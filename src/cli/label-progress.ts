import { Presets, SingleBar } from 'cli-progress';
import type { LabelProgress } from '../labels';

/** The progress of labelling one file, on stderr: a bar where that is a terminal, nothing elsewhere. */
export interface LabelBar {
  show(progress: LabelProgress): void;
  /** Takes the bar away while something else is printed. */
  clear(): void;
  stop(): void;
}

export function startLabelBar(): LabelBar {
  if (!process.stderr.isTTY) return { show() {}, clear() {}, stop() {} };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      format: ' {bar} {value}/{total} traces{resumed} · {rates}',
    },
    Presets.shades_classic,
  );
  let running = false;
  return {
    show(progress) {
      const { done, total, resumed } = progress;
      const payload = {
        resumed: resumed > 0 ? ` (${resumed} from before)` : '',
        rates: rates(progress),
      };
      if (!running) bar.start(total, done, payload);
      else bar.update(done, payload);
      running = true;
    },
    clear() {
      if (running) process.stderr.write('\r\x1b[K');
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}

/** `3.2 steps/s · 410 tokens/s · 1 h 12 min left`. */
export function rates({ stepsPerSecond, tokensPerSecond, secondsLeft }: LabelProgress): string {
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
