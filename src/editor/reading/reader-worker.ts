import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { type ReadOptions, type RecordProblem, readTrajectories } from '../../trajectory';
import { withSiblings } from '../../trajectory/siblings';
import { asRead } from './as-read';
import type { ReadingReply, ReadingRequest, ReadTrace } from './protocol';
import { checkTerms, recognise } from './recognise';

/**
 * The reading thread: recognises texts and reads their traces, so that even a record of many megabytes never holds up
 * the extension host. Traces are sent in small batches, as taking a message apart costs the host time as well.
 */
const BATCH_CHARACTERS = 128 * 1024;
const BATCH_MS = 100;

const cancelled = new Set<number>();
const reply = (message: ReadingReply) => parentPort?.postMessage(message);

parentPort?.on('message', (request: ReadingRequest) => {
  if (request.type === 'cancel') cancelled.add(request.job);
  else
    read(request)
      .catch((error: unknown) =>
        reply({
          type: 'error',
          job: request.job,
          message: error instanceof Error ? error.message : String(error),
        }),
      )
      .finally(() => cancelled.delete(request.job));
});

async function read(request: Extract<ReadingRequest, { type: 'read' }>): Promise<void> {
  const { job, text, name, confidence, terms } = request;
  const source = { text, name };
  const checked = await checkTerms(terms);
  if (checked.faults.length > 0) reply({ type: 'faults', job, faults: checked.faults });
  const recognised = await recognise(source, checked, confidence);
  reply({ type: 'format', job, format: recognised?.format ?? null });
  if (recognised) await sendTraces(job, source, recognised.options);
  reply({ type: 'end', job });
}

async function sendTraces(
  job: number,
  source: { text: string; name: string },
  options: ReadOptions,
): Promise<void> {
  let traces: ReadTrace[] = [];
  let problems: RecordProblem[] = [];
  let size = 0;
  let last = performance.now();
  const flush = () => {
    if (traces.length + problems.length > 0) reply({ type: 'traces', job, traces, problems });
    traces = [];
    problems = [];
    size = 0;
    last = performance.now();
  };
  for await (const item of withSiblings(readTrajectories(source, options))) {
    if ('problem' in item) problems.push(item.problem);
    else {
      const { trajectory, siblings } = item;
      traces.push(asRead(trajectory, siblings));
      size += item.trajectory.span.end - item.trajectory.span.start;
    }
    if (size > BATCH_CHARACTERS || performance.now() - last > BATCH_MS) {
      flush();
      await nextTurn(); // lets a cancel in
      if (cancelled.has(job)) return;
    }
  }
  flush();
}
