import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { loadCorpus } from './corpus';
import { type Fault, Fuzzer } from './fuzz';

/** What the process that reads mutated files is told: the next file's number goes to `now`, which is shared. */
export interface Order {
  readonly seed: number;
  readonly from: number;
  readonly now: SharedArrayBuffer;
}

export interface Report {
  readonly faults: readonly Fault[];
  /** Bytes in use once garbage was taken away. */
  readonly heap?: number;
}

/** Seconds without progress after which a file is given up: a hang, however busy the machine is. */
const HANG = 60;
/** Megabytes that the heap may grow by between the first rounds and the last. */
const GROWTH = 20;

/**
 * Reads mutated sample files for a time, counts what is wrong, and fails where anything is.
 * Usage: run.ts [--seconds 60] [--files N] [--seed 1] [--case N: that file alone]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      files: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      case: { type: 'string' },
    },
  });
  const seed = Number(values.seed);
  if (values.case !== undefined) {
    const fuzzer = new Fuzzer(await loadCorpus(), seed);
    const faults = await fuzzer.run(Number(values.case));
    console.log(fuzzer.last);
    console.error(faults);
    return;
  }
  const faults: Fault[] = [];
  const heaps: number[] = [];
  const now = new SharedArrayBuffer(4);
  const current = new Int32Array(now);
  let until = performance.now() + Number(values.seconds) * 1000;
  const started = performance.now();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      until = 0;
    });
  }
  const start = (from: number) => {
    const worker = new Worker(WORKER, { eval: true, workerData: { seed, from, now } satisfies Order });
    worker.on('message', (report: Report) => {
      for (const fault of report.faults) tell(fault, faults);
      if (report.heap !== undefined) heaps.push(report.heap / 1e6);
    });
    worker.on('error', (error) => {
      tell({ kind: 'crash', case: current[0] ?? 0, file: '?', what: String(error.stack) }, faults);
      running = start((current[0] ?? 0) + 1);
    });
    return worker;
  };
  let running = start(0);
  let [last, since] = [0, performance.now()];
  while (performance.now() < until && (current[0] ?? 0) < Number(values.files)) {
    await new Promise((done) => setTimeout(done, 250));
    const n = current[0] ?? 0;
    if (n !== last) [last, since] = [n, performance.now()];
    else if (performance.now() - since > HANG * 1000) {
      tell({ kind: 'slow', case: n, file: '?', what: `no end after ${HANG} s` }, faults);
      await running.terminate();
      running = start(n + 1);
      since = performance.now();
    }
  }
  await running.terminate();
  const growth = Math.min(...heaps.slice(-3)) - Math.min(...heaps.slice(0, 3));
  const count = (kind: Fault['kind']) => faults.filter((fault) => fault.kind === kind).length;
  const grown = heaps.length > 3 && growth > GROWTH;
  console.log(
    [
      `${current[0]} mutated files in ${((performance.now() - started) / 1000).toFixed(0)} s, seed ${seed}`,
      `${count('crash')} crashes, ${count('slow')} over 2 s, ${count('wrong')} with wrong places or fields`,
      `${count('lost')} in which an untouched record was lost, ${count('swallowed')} in which a lost bracket made it a part of the changed one`,
      heaps.length > 3
        ? `heap ${Math.min(...heaps.slice(0, 3)).toFixed(1)} MB at first, ${Math.min(...heaps.slice(-3)).toFixed(1)} MB at last`
        : 'too short a run to tell whether the heap grows',
    ].join('\n'),
  );
  process.exitCode = faults.some(({ kind }) => kind !== 'swallowed') || grown ? 1 : 0;
}

const MAX_TOLD = 10;

function tell(fault: Fault, faults: Fault[]): void {
  faults.push(fault);
  if (faults.filter(({ kind }) => kind === fault.kind).length <= MAX_TOLD) {
    console.log(`${fault.kind}: case ${fault.case}, ${fault.file}: ${fault.what.slice(0, 600)}`);
  }
}

/** The worker is TypeScript as this is: it is loaded through tsx too. `gc` is asked for by a flag set at run time. */
const WORKER = `
  require('node:v8').setFlagsFromString('--expose-gc');
  globalThis.gc = require('node:vm').runInNewContext('gc');
  require(${JSON.stringify(require.resolve('tsx/cjs'))});
  require(${JSON.stringify(require.resolve('./worker.ts'))});
`;

void main();
