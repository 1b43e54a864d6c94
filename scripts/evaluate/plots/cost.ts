import type { Estimate } from '../../../src/evaluation';
import { element, title } from '../../../src/labels/stats/svg';
import { frame, KINDS, legend, line, text } from './frame';

/** One setting: what it costs and how good it is. */
export interface Priced {
  readonly series: string;
  readonly label: string;
  /** Positions run through the model for a trace, on average. */
  readonly positions: number;
  readonly auc: Estimate;
}

/** AUC with its interval against cost, a colour a series. */
export function costPlot(priced: readonly Priced[]): string {
  const series = [...new Set(priced.map((point) => point.series))];
  const costs = priced.map(({ positions }) => positions);
  const values = priced.flatMap(({ auc: { value, low, high } }) =>
    [value, low, high].filter((v) => v !== null),
  );
  return frame(
    'Step AUC against positions run for a trace',
    { name: 'positions a trace', from: Math.min(...costs) * 0.8, to: Math.max(...costs) * 1.3, log: true },
    {
      name: 'step AUC without last steps',
      from: Math.min(0.48, ...values) - 0.01,
      to: Math.max(0.66, ...values) + 0.03,
      show: (value) => value.toFixed(2),
    },
    ({ x, y }) => {
      const place = freePlaces();
      return (
        line(x(Math.min(...costs) * 0.8), y(0.5), x(Math.max(...costs) * 1.3), y(0.5), 'zero') +
        priced
          .map(({ series: mine, label, positions, auc: { value, low, high } }) => {
            const kind = KINDS[series.indexOf(mine)];
            const whisker =
              low === null || high === null
                ? ''
                : line(x(positions), y(low), x(positions), y(high), `${kind}`);
            const words = `${mine}, ${label}: ${value?.toFixed(3)} at ${Math.round(positions)} positions`;
            const dot = { cx: x(positions), cy: y(value ?? 0.5), r: 4.5, class: `dot ${kind}` };
            const at = place(x(positions) + 8, y(value ?? 0.5) + 4, label);
            return whisker + element('circle', dot, title(words)) + text(at.x, at.y, label, 'start');
          })
          .join('') +
        legend(series, 30, 410)
      );
    },
  );
}

const LINE_HEIGHT = 12;
const CHARACTER_WIDTH = 6;

/** Gives each label the place that is nearest to the wanted one, above or below it, and not taken by another label. */
function freePlaces(): (x: number, y: number, label: string) => { readonly x: number; readonly y: number } {
  const taken: { readonly from: number; readonly to: number; readonly y: number }[] = [];
  return (x, y, label) => {
    const to = x + label.length * CHARACTER_WIDTH;
    const isFree = (at: number) =>
      taken.every((other) => other.to <= x || to <= other.from || Math.abs(other.y - at) >= LINE_HEIGHT);
    let at = y;
    for (let tries = 1; !isFree(at); tries++) {
      at = y + (tries % 2 === 0 ? 1 : -1) * Math.ceil(tries / 2) * (LINE_HEIGHT / 2);
    }
    taken.push({ from: x, to, y: at });
    return { x, y: at };
  };
}
