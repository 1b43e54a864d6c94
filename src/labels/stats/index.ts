import type { RecordProblem } from '../../trajectory';
import { LabelError } from '../label-error';
import { readStored } from '../stored';
import { type LabelStats, StatsCollector } from './collect';

export type { LabelStats } from './collect';
export { statsPage } from './page';
export { type StatsTable, statsLine, statsTables } from './tables';

/**
 * The statistics of a label file, read as a stream.
 * @throws {LabelError} `read`; `nothing` where the file holds no scored trace
 */
export async function labelStats(
  source: string,
  watch: { signal?: AbortSignal; onProblem?: (problem: RecordProblem) => void } = {},
): Promise<LabelStats> {
  const collector = new StatsCollector();
  for await (const item of readStored(source, watch.signal)) {
    if ('problem' in item) watch.onProblem?.(item.problem);
    else collector.add(item.trace);
  }
  const stats = collector.result;
  if (stats.traces === 0) throw new LabelError('nothing', `${source}: it holds no scored trace`);
  return stats;
}
