import { resolve } from 'node:path';
import { ProcessModel } from '../../../src/likelihood/process/process-model';
import { serve } from './contestant';
import { peakOf } from './peak-memory';
import { readTraces, requestsOf } from './workload';
import { settingsOf } from './workload-ways';

/** The product's own way: the scoring process, asked over its channel. Its memory is what is reported. */
export function serveOurs(folder: Promise<string> | string): void {
  const starting = Promise.resolve(folder).then((path) =>
    ProcessModel.start({ worker: resolve('dist/likelihood-worker.js'), folder: path }),
  );
  let pid = 0;
  serve(
    async ({ file }) => {
      const traces = await readTraces(file, Number.POSITIVE_INFINITY);
      pid = (await starting).pid ?? 0;
      return traces;
    },
    async (trace, way) => {
      const { work } = await (await starting).score(requestsOf(trace, settingsOf(way)));
      return { positions: work.computedPositions };
    },
    () => peakOf(pid),
  );
}
