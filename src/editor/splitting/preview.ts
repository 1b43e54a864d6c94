import {
  PatternError,
  parseSplitting,
  type ReadOptions,
  readTrajectories,
  type TraceSource,
} from '../../trajectory';

/** The first trace of a file as a splitting cuts it, or why there is none. */
export type Cut = { readonly id: string; readonly steps: readonly string[] } | { readonly fault: string };

/** Broken records before the first trace that are passed over. */
const PATIENCE = 20;

/** @param split a splitting as the settings say it */
export async function cutFirst(
  source: TraceSource,
  reading: Pick<ReadOptions, 'format' | 'fields'>,
  split: string,
): Promise<Cut> {
  try {
    const splitting = parseSplitting(split);
    let problems = 0;
    for await (const item of readTrajectories(source, { ...reading, splitting })) {
      if ('trajectory' in item) {
        const { id, steps } = item.trajectory;
        return { id, steps: steps.map(({ text }) => text) };
      }
      if (++problems >= PATIENCE) return { fault: item.problem.reason };
    }
    return { fault: 'the file holds no trace' };
  } catch (error) {
    if (error instanceof PatternError) return { fault: error.message };
    throw error;
  }
}
