import { frame, legend, line, path } from './frame';
import type { Curve } from './roc';

const BINS = 40;
/** The share of steps beyond each end, which the bins at the ends hold. */
const BEYOND = 0.01;

/** How the rewards of right steps and of first errors are spread. */
export function distributionPlot({ scores, correct }: Curve): string {
  const sorted = [...scores].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  const [from, to] = [at(BEYOND), at(1 - BEYOND)];
  const width = (to - from) / BINS || 1;
  const sharesOf = (wanted: boolean) => {
    const mine = scores.filter((_, i) => correct[i] === wanted);
    const counts = new Array<number>(BINS).fill(0);
    for (const score of mine) {
      const bin = Math.min(BINS - 1, Math.max(0, Math.floor((score - from) / width)));
      counts[bin] = (counts[bin] ?? 0) + 1 / Math.max(1, mine.length);
    }
    return counts;
  };
  const [right, wrong] = [sharesOf(true), sharesOf(false)];
  const most = Math.max(...right, ...wrong);
  return frame(
    'How the rewards of right steps and of first errors are spread',
    { name: 'reward, nats per token', from, to },
    {
      name: 'share of the steps',
      from: 0,
      to: most * 1.05,
      show: (value) => `${(value * 100).toFixed(0)} %`,
    },
    ({ x, y }) => {
      const outline = (shares: readonly number[]): [number, number][] => [
        [x(from), y(0)],
        ...shares.flatMap((share, i): [number, number][] => [
          [x(from + i * width), y(share)],
          [x(from + (i + 1) * width), y(share)],
        ]),
        [x(to), y(0)],
      ];
      const zero = from < 0 && to > 0 ? line(x(0), y(0), x(0), y(most * 1.05), 'zero') : '';
      return (
        path(outline(right), 'area a') +
        path(outline(wrong), 'area b') +
        zero +
        legend(['right steps', 'first errors'], 30)
      );
    },
  );
}
