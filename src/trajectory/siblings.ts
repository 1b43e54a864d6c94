import type { ReadItem } from './reader/read';
import type { Trajectory } from './trajectory';

/** A trajectory with the final answers of its siblings: other solutions of the same question. */
export interface WithSiblings {
  readonly trajectory: Trajectory;
  readonly siblings: readonly string[];
}

/** Solutions of one question stand near each other in data sets; looking this far keeps memory bounded on any file. */
const NEIGHBOURHOOD = { trajectories: 2_000, characters: 32 * 2 ** 20 };

/**
 * Adds to each trajectory the final answers of other solutions to its question. They are looked for among the
 * trajectories read together: runs of 2,000, or of 32 million characters. The same file always gives the same siblings.
 */
export async function* withSiblings(
  items: AsyncIterable<ReadItem>,
  limit = NEIGHBOURHOOD,
): AsyncGenerator<WithSiblings | Extract<ReadItem, { problem: unknown }>> {
  let run: ReadItem[] = [];
  const counter = new RunCounter(limit);
  for await (const item of items) {
    run.push(item);
    if ('trajectory' in item && counter.endsWith(item.trajectory)) {
      yield* resolveRun(run);
      run = [];
    }
  }
  yield* resolveRun(run);
}

/** Tells where the runs of trajectories end among which siblings are looked for. */
export class RunCounter {
  private trajectories = 0;
  private characters = 0;

  constructor(private readonly limit = NEIGHBOURHOOD) {}

  /** Takes the next trajectory of the file; whether its run ends with it. */
  endsWith({ span }: Trajectory): boolean {
    this.trajectories++;
    this.characters += span.end - span.start;
    const ends = this.trajectories >= this.limit.trajectories || this.characters >= this.limit.characters;
    if (ends) this.trajectories = this.characters = 0;
    return ends;
  }
}

/**
 * As `withSiblings`, for a file that grows: each trajectory is given at once, with the answers of those before it.
 */
export async function* withEarlierSiblings(
  items: AsyncIterable<ReadItem>,
): AsyncGenerator<WithSiblings | Extract<ReadItem, { problem: unknown }>> {
  const answers = new Map<string, string[]>();
  for await (const item of items) {
    if (!('trajectory' in item)) {
      yield item;
      continue;
    }
    const { trajectory } = item;
    const key = questionKey(trajectory);
    const siblings = answers.get(key) ?? [];
    yield { trajectory, siblings };
    // The questions seen last are kept.
    answers.delete(key);
    if (trajectory.finalAnswer !== undefined) {
      answers.set(key, [...siblings.slice(-MAX_EARLIER + 1), trajectory.finalAnswer]);
    }
    for (const [oldest] of answers) {
      if (answers.size <= NEIGHBOURHOOD.trajectories) break;
      answers.delete(oldest);
    }
  }
}

const MAX_EARLIER = 64;

function* resolveRun(
  run: readonly ReadItem[],
): Generator<WithSiblings | Extract<ReadItem, { problem: unknown }>> {
  const byQuestion = new Map<string, Trajectory[]>();
  for (const item of run) {
    if (!('trajectory' in item)) continue;
    const key = questionKey(item.trajectory);
    byQuestion.set(key, [...(byQuestion.get(key) ?? []), item.trajectory]);
  }
  for (const item of run) {
    if (!('trajectory' in item)) yield item;
    else {
      const { trajectory } = item;
      const others = (byQuestion.get(questionKey(trajectory)) ?? []).filter((t) => t !== trajectory);
      yield {
        trajectory,
        siblings: others.flatMap((t) => (t.finalAnswer === undefined ? [] : [t.finalAnswer])),
      };
    }
  }
}

/** Questions are the same where they differ in white space only. An empty one has no siblings. */
export function questionKey(trajectory: Trajectory): string {
  return trajectory.question.text.replace(/\s+/g, ' ').trim() || `#${trajectory.id}`;
}
