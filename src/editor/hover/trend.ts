import type { ScoredTrajectory } from '../../cpmi/scored';
import { readsOn } from '../../cpmi/settings';
import { formatReward } from '../present';

export type TrendTheme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

const COLOURS: { readonly [K in TrendTheme]: { line: string; grid: string; gain: string; loss: string } } = {
  dark: { line: '#9d9d9d', grid: '#4a4a4a', gain: '#55b0ff', loss: '#ff9f45' },
  light: { line: '#6a6a6a', grid: '#d0d0d0', gain: '#0a56a8', loss: '#a34400' },
  'high-contrast': { line: '#ffffff', grid: '#6b6b6b', gain: '#5fc4ff', loss: '#ffb03b' },
  'high-contrast-light': { line: '#000000', grid: '#8c8c8c', gain: '#00408f', loss: '#8a3500' },
};

export const TREND_SIZE = { width: 340, height: 84 };
/** Room around the drawing: for the scale at the left, the steps' numbers below. */
const EDGES = { left: 40, right: 8, top: 8, bottom: 20 };
/** Most numbers of steps that stand below without touching each other. */
export const MOST_NUMBERS = 15;
/** A long trace is drawn by so many steps. */
const MOST_POINTS = 160;

/** What each step changed, for the picture. */
export interface Trend {
  /** One a step. */
  readonly changes: readonly { readonly before: number; readonly after: number }[];
  /** Whether the values are probabilities (0 to 1), or sums of rewards in nats per token. */
  readonly share: boolean;
  /** Whether each step goes on where the one before it has ended, so that the changes make one line. */
  readonly joined: boolean;
}

/**
 * The probability of gold among the answers before and after each step, as the estimator compares them; without wrong
 * answers the sum of the rewards so far.
 */
export function trendOf({ steps, settings }: Pick<ScoredTrajectory, 'steps' | 'settings'>): Trend {
  const shares = steps.map((step) => step.goldShare);
  if (shares.every((share) => share !== null)) {
    return { changes: shares, share: true, joined: readsOn(settings.estimator) };
  }
  let sum = 0;
  const changes = steps.map(({ reward }) => {
    const before = sum;
    sum += reward;
    return { before, after: sum };
  });
  return { changes, share: false, joined: true };
}

/**
 * The trend as an SVG picture: a line over the trace where steps go on from each other, else a stroke a step, a dot
 * where each ends; this step's own change thick, in the colour of its direction.
 */
export function trendSvg({ changes, share, joined }: Trend, step: number, theme: TrendTheme): string {
  const { width, height } = TREND_SIZE;
  const colours = COLOURS[theme];
  const all = changes.flatMap(({ before, after }) => [before, after]);
  const low = share ? 0 : all.reduce((a, b) => Math.min(a, b), 0);
  const high = share ? 1 : all.reduce((a, b) => Math.max(a, b), 0);
  const columns = joined ? changes.length : changes.length + 1;
  const bottom = height - EDGES.bottom;
  const x = (i: number) => EDGES.left + ((width - EDGES.left - EDGES.right) * i) / Math.max(1, columns);
  const y = (value: number) => bottom - ((bottom - EDGES.top) * (value - low)) / (high - low || 1);
  const point = (i: number, value: number) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`;
  const ends = (i: number): readonly [string, string] => {
    const { before, after } = changes[i] ?? { before: low, after: low };
    return [point(joined ? i : i + 1, before), point(i + 1, after)];
  };
  const stride = Math.max(1, Math.ceil(changes.length / MOST_POINTS));
  const drawn = changes.map((_, i) => i).filter((i) => i % stride === 0 || i === changes.length - 1);
  const line = joined
    ? `M${ends(0)[0]} ${drawn.map((i) => `L${ends(i)[1]}`).join(' ')}`
    : drawn.map((i) => `M${ends(i).join(' L')}`).join(' ');
  // A stroke without length and with round ends is a dot.
  const dots = drawn.map((i) => `M${ends(i)[1]}h0`).join('');
  const [from, to] = ends(step);
  const { before = 0, after = 0 } = changes[step] ?? {};
  const colour = after < before ? colours.loss : colours.gain;
  const [dotX, dotY] = to.split(',');
  const grid = (share ? [0, 0.5, 1] : [...new Set([low, 0, high])]).map((value) => {
    const at = y(value).toFixed(1);
    const line = `<line x1="${EDGES.left}" x2="${width - EDGES.right}" y1="${at}" y2="${at}" stroke="${colours.grid}"/>`;
    const name = share ? `${value * 100} %` : value === 0 ? '0' : formatReward(value);
    return `${line}<text x="${EDGES.left - 6}" y="${at}" dy="3.5" text-anchor="end">${name}</text>`;
  });
  const apart = Math.ceil(changes.length / MOST_NUMBERS);
  const numbers = changes.flatMap((_, i) =>
    i === step || (i % apart === 0 && Math.abs(i - step) >= apart)
      ? `<text x="${x(i + 1).toFixed(1)}" y="${height - 5}" text-anchor="middle"${i === step ? ` fill="${colour}" font-weight="bold"` : ''}>${i + 1}</text>`
      : [],
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<g font-family="sans-serif" font-size="10" fill="${colours.line}">`,
    ...grid,
    ...numbers,
    '</g>',
    `<path d="${line}" fill="none" stroke="${colours.line}" stroke-width="1.5"/>`,
    `<path d="${dots}" stroke="${colours.line}" stroke-width="5" stroke-linecap="round"/>`,
    `<path d="M${from} L${to}" fill="none" stroke="${colour}" stroke-width="3.5" stroke-linecap="round"/>`,
    `<circle cx="${dotX}" cy="${dotY}" r="4" fill="${colour}"/>`,
    '</svg>',
  ].join('');
}

/** The picture as a Markdown image. `alt` must be our own text. */
export function trendImage(svg: string, alt: string): string {
  const { width, height } = TREND_SIZE;
  const data = Buffer.from(svg).toString('base64');
  return `![${alt}](data:image/svg+xml;base64,${data}|width=${width},height=${height})`;
}
