import { parentPort, workerData } from 'node:worker_threads';
import { loadCorpus } from './corpus';
import { Fuzzer } from './fuzz';
import type { Order, Report } from './run';

/** Files between two looks at the memory, garbage taken away. */
const ROUND = 2000;

/** Runs files until it is ended, telling the number of each before it begins: one that hangs can be named. */
async function main({ seed, from, now }: Order): Promise<void> {
  const fuzzer = new Fuzzer(await loadCorpus(), seed);
  const current = new Int32Array(now);
  const report = (what: Report) => parentPort?.postMessage(what);
  for (let n = from; ; n++) {
    Atomics.store(current, 0, n);
    const faults = await fuzzer.run(n);
    if (faults.length > 0) report({ faults });
    if ((n - from) % ROUND !== ROUND - 1) continue;
    globalThis.gc?.();
    report({ heap: process.memoryUsage().heapUsed, faults: [] });
  }
}

void main(workerData as Order);
