import type { ScoredTrajectory } from '../../cpmi/scored';

export type TrendTheme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

const COLOURS: { readonly [K in TrendTheme]: { line: string; grid: string; gain: string; loss: string } } = {
  dark: { line: '#9d9d9d', grid: '#4a4a4a', gain: '#55b0ff', loss: '#ff9f45' },
  light: { line: '#6a6a6a', grid: '#d0d0d0', gain: '#0a56a8', loss: '#a34400' },
  'high-contrast': { line: '#ffffff', grid: '#6b6b6b', gain: '#5fc4ff', loss: '#ffb03b' },
  'high-contrast-light': { line: '#000000', grid: '#8c8c8c', gain: '#00408f', loss: '#8a3500' },
};

export const TREND_SIZE = { width: 320, height: 56 };
const EDGE = 6;
/** A long trace is drawn by so many points. */
const MOST_POINTS = 160;

/**
 * What the trend runs through: the probability of gold among the answers, before the first step and after each one (0
 * to 1); without wrong answers the sum of the rewards so far, in nats per token.
 */
export function trendValues({ steps }: Pick<ScoredTrajectory, 'steps'>): {
  values: number[];
  share: boolean;
} {
  const first = steps[0]?.goldShare;
  if (first && steps.every((step) => step.goldShare !== null)) {
    return { values: [first.before, ...steps.map((step) => step.goldShare?.after ?? 0)], share: true };
  }
  const values = [0];
  for (const step of steps) values.push((values.at(-1) ?? 0) + step.reward);
  return { values, share: false };
}

/** The trend as an SVG picture: a line over the trace, the step's own part in the colour and direction of its change. */
export function trendSvg(values: readonly number[], share: boolean, step: number, theme: TrendTheme): string {
  const { width, height } = TREND_SIZE;
  const colours = COLOURS[theme];
  const low = share ? 0 : Math.min(...values);
  const high = share ? 1 : Math.max(...values);
  const x = (i: number) => EDGE + ((width - 2 * EDGE) * i) / Math.max(1, values.length - 1);
  const y = (value: number) => height - EDGE - ((height - 2 * EDGE) * (value - low)) / (high - low || 1);
  const point = (i: number) => `${x(i).toFixed(1)},${y(values[i] ?? low).toFixed(1)}`;
  const stride = Math.max(1, Math.ceil(values.length / MOST_POINTS));
  const drawn = values.map((_, i) => i).filter((i) => i % stride === 0 || i === values.length - 1);
  const before = Math.min(step, values.length - 1);
  const after = Math.min(step + 1, values.length - 1);
  const colour = (values[after] ?? 0) < (values[before] ?? 0) ? colours.loss : colours.gain;
  const grid = [0, 0.5, 1].map((part) => {
    const at = (EDGE + (height - 2 * EDGE) * part).toFixed(1);
    return `<line x1="${EDGE}" x2="${width - EDGE}" y1="${at}" y2="${at}" stroke="${colours.grid}"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    ...grid,
    `<polyline points="${drawn.map(point).join(' ')}" fill="none" stroke="${colours.line}" stroke-width="1.5"/>`,
    `<polyline points="${point(before)} ${point(after)}" fill="none" stroke="${colour}" stroke-width="3.5" stroke-linecap="round"/>`,
    `<circle cx="${x(after).toFixed(1)}" cy="${y(values[after] ?? low).toFixed(1)}" r="4" fill="${colour}"/>`,
    '</svg>',
  ].join('');
}

/** The picture as a Markdown image. `alt` must be our own text. */
export function trendImage(svg: string, alt: string): string {
  const { width, height } = TREND_SIZE;
  const data = Buffer.from(svg).toString('base64');
  return `![${alt}](data:image/svg+xml;base64,${data}|width=${width},height=${height})`;
}
