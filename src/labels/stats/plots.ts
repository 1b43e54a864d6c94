import type { LabelBalance } from './collect';
import type { Histogram, Summary } from './summary';
import { element, escapeHtml, linear, ticks, title } from './svg';

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 56;
const BOTTOM = 36;
const TOP = 12;
const RIGHT = 12;

/** A drawing with its axes. `name` says to those who cannot see it what it shows. */
function plot(name: string, inner: string): string {
  return element(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': name,
      xmlns: 'http://www.w3.org/2000/svg',
    },
    title(name) + inner,
  );
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'middle'): string {
  return element('text', { x, y, 'text-anchor': anchor }, escapeHtml(words));
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return element('line', { x1, y1, x2, y2, class: kind });
}

/** Horizontal lines with their values at the left. */
function valueAxis(
  values: readonly number[],
  y: (value: number) => number,
  show: (value: number) => string = String,
): string {
  return values
    .map((value) => {
      const kind = value === 0 ? 'zero' : 'grid';
      return (
        line(LEFT, y(value), WIDTH - RIGHT, y(value), kind) + text(LEFT - 6, y(value) + 4, show(value), 'end')
      );
    })
    .join('');
}

/** How often each reward occurs. */
export function histogramPlot({ low, high, counts }: Histogram): string {
  const most = Math.max(...counts, 1);
  const x = linear([low, high], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, most], [HEIGHT - BOTTOM, TOP]);
  const width = (high - low) / counts.length;
  const bars = counts.map((count, i) => {
    const from = low + i * width;
    const words = `${from.toFixed(3)} to ${(from + width).toFixed(3)}: ${count} steps`;
    const box = {
      x: x(from) + 0.5,
      y: y(count),
      width: x(from + width) - x(from) - 1,
      height: y(0) - y(count),
    };
    return element('rect', { ...box, class: from + width / 2 < 0 ? 'low' : 'high' }, title(words));
  });
  const axis = ticks(low, high).map((value) => text(x(value), HEIGHT - BOTTOM + 16, String(value)));
  const zero = low < 0 && high > 0 ? line(x(0), TOP, x(0), HEIGHT - BOTTOM, 'zero') : '';
  const name = text((LEFT + WIDTH) / 2, HEIGHT - 4, 'reward, nats per token');
  const scale = valueAxis(ticks(0, most, 4), y);
  return plot('How often each reward occurs', scale + bars.join('') + zero + axis.join('') + name);
}

export interface Box {
  readonly label: string;
  readonly rewards: Summary;
}

/** Boxes from the 25th to the 75th percentile with the median, lines from the 5th to the 95th. */
export function boxPlot(name: string, boxes: readonly Box[]): string {
  const ends = boxes.flatMap(({ rewards: { p5, p95 } }) => (p5 === null || p95 === null ? [] : [p5, p95]));
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const y = linear([low, high], [HEIGHT - BOTTOM, TOP]);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, boxes.length);
  const half = Math.min(18, slot * 0.35);
  const drawn = boxes.map(({ label, rewards }, i) => {
    const { p5, p25, median, p75, p95, count } = rewards;
    const x = LEFT + (i + 0.5) * slot;
    const name = text(x, HEIGHT - BOTTOM + 16, label);
    if (p5 === null || p25 === null || median === null || p75 === null || p95 === null) return name;
    const words = `${label}: median ${median.toFixed(3)}, middle half ${p25.toFixed(3)} to ${p75.toFixed(3)}, ${count} steps`;
    const box = { x: x - half, y: y(p75), width: half * 2, height: Math.max(1, y(p25) - y(p75)) };
    return element(
      'g',
      {},
      title(words) +
        line(x, y(p5), x, y(p95), 'whisker') +
        element('rect', { ...box, class: median < 0 ? 'low' : 'high' }) +
        line(x - half, y(median), x + half, y(median), 'median') +
        name,
    );
  });
  return plot(name, valueAxis(ticks(low, high), y) + drawn.join(''));
}

/** Shares of the labels, a bar a group. */
export function balancePlot(
  name: string,
  groups: readonly { readonly label: string; readonly labels: LabelBalance }[],
): string {
  const y = linear([0, 1], [HEIGHT - BOTTOM, TOP]);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, groups.length);
  const bars = groups.map(({ label, labels }, i) => {
    const all = labels.correct + labels.neutral + labels.incorrect || 1;
    let below = 0;
    const parts = (['correct', 'neutral', 'incorrect'] as const).map((kind) => {
      const from = below;
      below += labels[kind] / all;
      const box = { x: LEFT + (i + 0.15) * slot, y: y(below), width: slot * 0.7, height: y(from) - y(below) };
      const share = `${((100 * labels[kind]) / all).toFixed(1)} %`;
      return element('rect', { ...box, class: kind }, title(`${label}: ${labels[kind]} ${kind} (${share})`));
    });
    return parts.join('') + text(LEFT + (i + 0.5) * slot, HEIGHT - BOTTOM + 16, label);
  });
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  return plot(name, valueAxis([0, 0.25, 0.5, 0.75, 1], y, percent) + bars.join(''));
}
