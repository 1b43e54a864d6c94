import { element, escapeHtml, linear, ticks, title } from '../../../src/labels/stats/svg';

const WIDTH = 560;
const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 26, 16, 44];

/** For light and dark pages; colours that colour-blind readers can tell apart (Okabe and Ito), and dashes besides. */
const STYLE = `
svg { font: 12px system-ui, sans-serif; --text: #1b1b1b; --grid: #ddd; --a: #0072b2; --b: #d55e00; --c: #009e73; --d: #cc79a7; --e: #767676 }
@media (prefers-color-scheme: dark) { svg { --text: #e6e6e6; --grid: #444; --a: #56b4e9; --b: #f1a340; --c: #30c79a; --d: #e3a3c6; --e: #9a9a9a } }
text { fill: var(--text) } .grid { stroke: var(--grid) } .zero { stroke: var(--e); stroke-dasharray: 3 3 }
.line { fill: none; stroke-width: 2 } .area { fill-opacity: .25; stroke-width: 1.5 }
.a { stroke: var(--a) } .b { stroke: var(--b) } .c { stroke: var(--c) } .d { stroke: var(--d) } .e { stroke: var(--e) }
.area.a, .dot.a { fill: var(--a) } .area.b, .dot.b { fill: var(--b) } .dot.c { fill: var(--c) } .dot.d { fill: var(--d) } .dot.e { fill: var(--e) }
.b.line { stroke-dasharray: 8 3 } .c.line { stroke-dasharray: 2 3 } .d.line { stroke-dasharray: 8 3 2 3 } .e.line { stroke-dasharray: 1 4 }
`;

export type Kind = 'a' | 'b' | 'c' | 'd' | 'e';
export const KINDS: readonly Kind[] = ['a', 'b', 'c', 'd', 'e'];

export interface Axis {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Powers of ten instead of equal steps. */
  readonly log?: boolean;
  readonly show?: (value: number) => string;
}

/** Maps values to pixels. */
export interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** A drawing with axes that stands on its own; `inner` draws into it. `name` says to those who cannot see it what it shows. */
export function frame(name: string, x: Axis, y: Axis, inner: (scales: Scales) => string): string {
  const scales: Scales = { x: scale(x, [LEFT, WIDTH - RIGHT]), y: scale(y, [HEIGHT - BOTTOM, TOP]) };
  const xs = marks(x).map(
    (value) =>
      line(scales.x(value), TOP, scales.x(value), HEIGHT - BOTTOM, 'grid') +
      text(scales.x(value), HEIGHT - BOTTOM + 16, shown(x, value)),
  );
  const ys = marks(y).map(
    (value) =>
      line(LEFT, scales.y(value), WIDTH - RIGHT, scales.y(value), 'grid') +
      text(LEFT - 6, scales.y(value) + 4, shown(y, value), 'end'),
  );
  const names =
    text((LEFT + WIDTH) / 2, HEIGHT - 8, x.name) +
    element(
      'text',
      { transform: `translate(14 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`, 'text-anchor': 'middle' },
      escapeHtml(y.name),
    );
  const attributes = {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: 'img',
    'aria-label': name,
    xmlns: 'http://www.w3.org/2000/svg',
  };
  const body = [title(name), element('style', {}, STYLE), ...xs, ...ys, names, inner(scales)];
  return `${element('svg', attributes, body.join('\n'))}\n`;
}

const scale = ({ from, to, log }: Axis, pixels: readonly [number, number]) => {
  const map = linear(log ? [Math.log10(from), Math.log10(to)] : [from, to], pixels);
  return log ? (value: number) => map(Math.log10(value)) : map;
};

function marks({ from, to, log }: Axis): number[] {
  if (!log) return ticks(from, to);
  const all: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
    all.push(...[1, 2, 5].map((factor) => factor * power).filter((value) => value >= from && value <= to));
  }
  return all;
}

const shown = ({ show }: Axis, value: number): string => (show ? show(value) : value.toLocaleString('en'));

export const line = (x1: number, y1: number, x2: number, y2: number, kind: string): string =>
  element('line', { x1, y1, x2, y2, class: kind });

export const text = (
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
): string => element('text', { x, y, 'text-anchor': anchor }, escapeHtml(words));

/** A line through points, in pixels. */
export function path(points: readonly (readonly [number, number])[], kind: string): string {
  const d = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return element('path', { d, class: kind });
}

/** What each kind of line means, from `top` down, ending at the right edge of the drawing. */
export function legend(names: readonly string[], top: number, left = WIDTH - RIGHT - 190): string {
  return names
    .map((name, i) => {
      const y = top + i * 17;
      return line(left, y, left + 26, y, `line ${KINDS[i]}`) + text(left + 32, y + 4, name, 'start');
    })
    .join('');
}
