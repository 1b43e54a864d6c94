import { element, title } from '../../../src/labels/stats/svg';
import { frame, line, path } from './frame';

/** Steps of like probability. */
export interface Bin {
  /** Mean of what was said. */
  readonly said: number;
  /** Share of right steps. */
  readonly right: number;
  readonly steps: number;
}

/** Bins of equally many steps by rising probability. */
export function reliability(probabilities: readonly number[], correct: readonly boolean[], bins = 10): Bin[] {
  const order = [...probabilities.keys()].sort((a, b) => (probabilities[a] ?? 0) - (probabilities[b] ?? 0));
  return Array.from({ length: bins }, (_, bin) => {
    const members = order.slice(
      Math.floor((bin * order.length) / bins),
      Math.floor(((bin + 1) * order.length) / bins),
    );
    const share = (of: (i: number) => number) =>
      members.reduce((sum, i) => sum + of(i), 0) / Math.max(1, members.length);
    return {
      said: share((i) => probabilities[i] ?? 0),
      right: share((i) => (correct[i] ? 1 : 0)),
      steps: members.length,
    };
  }).filter(({ steps }) => steps > 0);
}

/** Expected calibration error: how far what was said is from what is, on average over the steps. */
export function calibrationError(bins: readonly Bin[]): number {
  const all = bins.reduce((sum, { steps }) => sum + steps, 0);
  return bins.reduce((sum, { said, right, steps }) => sum + (Math.abs(said - right) * steps) / all, 0);
}

/** Share of right steps against the soft label. */
export function reliabilityPlot(bins: readonly Bin[]): string {
  const share = { from: 0, to: 1, show: (value: number) => value.toFixed(1) };
  return frame(
    'Share of right steps against the soft label',
    { name: 'soft label', ...share },
    { name: 'share of right steps', ...share },
    ({ x, y }) =>
      line(x(0), y(0), x(1), y(1), 'zero') +
      path(
        bins.map(({ said, right }) => [x(said), y(right)]),
        'line a',
      ) +
      bins
        .map(({ said, right, steps }) =>
          element(
            'circle',
            { cx: x(said), cy: y(right), r: 4, class: 'dot a' },
            title(`soft label ${said.toFixed(2)}: ${(right * 100).toFixed(0)} % of ${steps} steps are right`),
          ),
        )
        .join(''),
  );
}
