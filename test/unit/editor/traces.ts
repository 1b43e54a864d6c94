import type { ScoredTrajectory } from '../../../src/cpmi/scored';
import { DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { Trace } from '../../../src/editor/document/trace';
import { asRead } from '../../../src/editor/reading/as-read';
import type { ReadTrace } from '../../../src/editor/reading/protocol';
import { readTrajectories } from '../../../src/trajectory';

/** Traces for tests, read from a text as the extension reads them. */
export async function readText(text: string, name = 'test.jsonl'): Promise<ReadTrace[]> {
  const found: ReadTrace[] = [];
  for await (const item of readTrajectories({ text, name })) {
    if ('problem' in item) throw new Error(`line ${item.problem.line}: ${item.problem.reason}`);
    found.push(asRead(item.trajectory, []));
  }
  return found;
}

export interface Written {
  readonly id?: string;
  readonly question?: string;
  readonly steps: readonly string[];
  readonly answer?: string;
}

export const jsonLine = ({ id, question = 'How many?', steps, answer }: Written): string =>
  JSON.stringify({
    ...(id === undefined ? {} : { id }),
    question,
    steps,
    ...(answer === undefined ? {} : { answer }),
  });

/** A trace as the extension holds it. */
export async function traceOf(written: Written, index = 0): Promise<Trace> {
  const [read] = await readText(jsonLine(written));
  if (!read) throw new Error('no trace was read');
  return new Trace(read, index);
}

/** Rewards for a trace, one a step; every other number follows from them. */
export function scoredWith(
  trace: Trace,
  rewards: readonly number[],
  more: Partial<ScoredTrajectory> = {},
): ScoredTrajectory {
  const { trajectory } = trace;
  return {
    id: trajectory.id,
    question: trajectory.question.text,
    goldAnswer: trajectory.goldAnswer?.text ?? 'gold',
    goldSource: 'file',
    finalAnswer: trajectory.finalAnswer ?? null,
    negatives: [{ text: '7', origin: 'perturbation' }],
    settings: DEFAULT_SETTINGS,
    model: { name: 'A-Model_1', sha256: 'ab'.repeat(32) },
    steps: trajectory.steps.map(({ index, text }) => ({
      index,
      text,
      reward: rewards[index] ?? 0,
      goldGain: rewards[index] ?? 0,
      contrastGain: 0,
      goldShare: { before: 0.5, after: 0.25 },
      byTemplate: [{ gold: rewards[index] ?? 0, negatives: [0] }],
    })),
    cost: { naivePositions: 1, distinctPositions: 1, computedPositions: 1, passes: 1 },
    seconds: 1,
    warnings: [],
    ...more,
  };
}
