import { interval } from '../../src/cli/evaluation/report';
import { type EvaluatedTrajectory, labelledSteps, stepAuc } from '../../src/evaluation';
import { groupByTask } from '../../src/evaluation/trajectory';
import { readStored } from '../../src/labels';
import { difference } from './measures/measure';
import { markdown } from './tables/markdown';

/** Of fewer traces an interval says nothing. */
const LEAST_TRACES = 50;

/**
 * How much better one reward is than another on the traces that both have: step AUC without last steps, by task.
 * Usage: compare.ts ONE OTHER, files that `steplens eval --save` has written.
 */
async function main([one = '', other = '']: string[]): Promise<void> {
  const [mine, theirs] = await Promise.all([one, other].map(readRewards));
  const shared = [...(mine?.values() ?? [])].filter(({ id }) => theirs?.has(id));
  const rows = [['all', shared] as const, ...groupByTask(shared)]
    .filter(([, traces]) => traces.length >= LEAST_TRACES)
    .map(([task, traces]) => {
      const reference = traces.flatMap(({ id }) => theirs?.get(id) ?? []);
      return [
        task,
        String(traces.length),
        interval(auc(traces)),
        interval(auc(reference)),
        interval(difference(traces, reference), true),
      ];
    });
  const head = ['traces of', 'traces', one, other, 'difference'];
  console.log(markdown({ name: 'compared', title: 'Two rewards', rows: [head, ...rows] }));
}

/** The labelled traces of a file, by id. */
async function readRewards(path: string): Promise<Map<string, EvaluatedTrajectory>> {
  const traces = new Map<string, EvaluatedTrajectory>();
  for await (const item of readStored(path)) {
    if ('problem' in item) throw new Error(`${path}:${item.problem.line}: ${item.problem.reason}`);
    const { id, task = '', firstError, steps } = item.trace;
    if (firstError === undefined) continue;
    traces.set(id, { id, task, firstError, rewards: steps.map(({ reward }) => reward) });
  }
  return traces;
}

function auc(traces: readonly EvaluatedTrajectory[]) {
  const steps = labelledSteps(traces, false);
  return stepAuc(
    steps,
    steps.map(({ reward }) => reward),
    traces.length,
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
